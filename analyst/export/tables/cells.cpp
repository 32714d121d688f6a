// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/tables/cells.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace resguardo::analyst {
namespace {

// Which violations answers of a branch are about. What is in none of them is about all.
struct Branch {
  std::string_view fields;
  std::string_view violations;
};
constexpr auto kBranches = std::to_array<Branch>({
    {"act.asylum.", "asylum."},
    {"act.detention.", "detention."},
    {"act.expulsion.", "expulsion."},
    {"act.expulsion.", "refoulement"},
    {"act.extortion.", "property.extortion"},
    {"act.family.", "family."},
    {"act.kidnapping.", "kidnapping"},
    {"act.killing.", "killing."},
    {"act.killing.", "death."},
    {"act.missing.", "missing."},
    {"act.missing.", "disappearance."},
    {"act.property.", "property."},
    {"act.sexual.", "sexual."},
    {"act.threat.", "threat."},
});

}  // namespace

std::string incident_id(const TableRow& row) {
  return report_id(row) + "-" + std::to_string(row.incident->number);
}

std::string report_id(const TableRow& row) {
  return to_hex(row.report->id.view());
}

std::string victim_id(const TableRow& row) {
  return incident_id(row) + "-" + row.victim->label;
}

std::string number_cell(std::size_t number) {
  return std::to_string(number);
}

std::string degrees_cell(const std::optional<double>& degrees) {
  if (!degrees) return "";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f", *degrees);
  return text.data();
}

std::string yes_no_cell(bool yes) {
  return yes ? "yes" : "no";
}

std::string words_cell(const Fields& words, std::string_view field) {
  std::string text;
  for (const std::string& said : values_of(words, field))
    text.append(text.empty() ? "" : "\n").append(said);
  return text;
}

std::string decided_by_cell(const TableRow& row) {
  return row.decision == nullptr ? "" : to_hex(row.decision->member.view());
}

std::string decided_on_cell(const TableRow& row) {
  return row.decision == nullptr ? "" : to_string(day_of(row.decision->time));
}

std::string decided_why_cell(const TableRow& row) {
  return row.decision == nullptr ? "" : row.decision->reason;
}

bool happened_to(const Victim& victim, const Incident& incident, const CodedValue& act) {
  const auto proposes = [&](const std::string& code) {
    return std::any_of(act.because.begin(), act.because.end(),
                       [&](const std::string& reason) { return reason.ends_with("=" + code); });
  };
  const auto kinds = values_of(incident.fields, "act.type");
  if (victim.acts.empty() || std::none_of(kinds.begin(), kinds.end(), proposes)) return true;
  return std::any_of(victim.acts.begin(), victim.acts.end(), proposes);
}

bool is_about(std::string_view field, std::string_view violation) {
  bool of_a_branch = false;
  for (const Branch& branch : kBranches) {
    if (!field.starts_with(branch.fields)) continue;
    if (violation.starts_with(branch.violations)) return true;
    of_a_branch = true;
  }
  return !of_a_branch;
}

}  // namespace resguardo::analyst
