// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/incident/decisions.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace resguardo::analyst {
namespace {

constexpr const char* kByAnalyst = "analyst";  // in the place of the answers

auto thing(const Decision& one) {
  // Of levels there is one for an incident, whatever it is.
  const std::string code = one.kind == DecisionKind::kLevel ? "" : one.code;
  return std::tuple(one.kind, one.incident, code, one.other, one.other_incident);
}

void apply_code(const Decision& decision, std::vector<CodedValue>& values) {
  const auto standing =
      decision.how == DecisionHow::kConfirm ? CodeStanding::kConfirmed : CodeStanding::kRejected;
  const auto known = std::ranges::find(values, decision.code, &CodedValue::code);
  if (known != values.end())
    known->standing = standing;
  else
    values.push_back({decision.code, standing, {kByAnalyst}});
}

void apply_actor(const Decision& decision, std::vector<Involvement>& involvements) {
  if (decision.how == DecisionHow::kReject) {
    std::erase_if(involvements, [&](const auto& one) { return one.actor == decision.code; });
    return;
  }
  if (std::ranges::find(involvements, decision.code, &Involvement::actor) != involvements.end())
    return;
  Involvement added;
  added.actor = decision.code;
  involvements.push_back(std::move(added));
}

void apply_one(const Decision& decision, Incident& incident) {
  if (decision.kind == DecisionKind::kViolation) apply_code(decision, incident.violations);
  if (decision.kind == DecisionKind::kPolicy) apply_code(decision, incident.policies);
  if (decision.kind == DecisionKind::kActor) apply_actor(decision, incident.involvements);
  if (decision.kind == DecisionKind::kLevel) incident.level = decision.code;
}

bool is_tag(const std::string& tag) {
  constexpr std::size_t kMost = 40;
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !tag.empty() && tag.size() <= kMost && std::ranges::all_of(tag, allowed) &&
         tag.front() != '-' && tag.back() != '-' && tag.find("--") == std::string::npos;
}

}  // namespace

std::vector<Decision> standing_decisions(std::span<const Decision> decisions) {
  std::vector<Decision> standing;
  for (const Decision& one : decisions) {
    if (one.kind != DecisionKind::kNote)
      std::erase_if(standing, [&](const Decision& before) {
        return before.kind != DecisionKind::kNote && thing(before) == thing(one);
      });
    if (one.how != DecisionHow::kUndo) standing.push_back(one);
  }
  return standing;
}

bool is_about_nothing(const Decision& decision, const CodedReport& report) {
  return decision.incident != 0 && std::ranges::find(report.incidents, decision.incident,
                                                     &Incident::number) == report.incidents.end();
}

void apply_decisions(std::span<const Decision> decisions, CodedReport& report) {
  for (const Decision& one : standing_decisions(decisions)) {
    if (one.kind == DecisionKind::kTag) report.tags.push_back(one.code);
    const auto incident = std::ranges::find(report.incidents, one.incident, &Incident::number);
    if (incident != report.incidents.end()) apply_one(one, *incident);
  }
  std::ranges::sort(report.tags);
}

bool is_code_of(const Decision& decision, const Codes& codes) {
  constexpr std::array<std::string_view, 4> kLinks = {"precedes", "causes", "part-of", "parallel"};
  switch (decision.kind) {
    case DecisionKind::kViolation:
      return codes.violation(decision.code) != nullptr;
    case DecisionKind::kPolicy:
      return codes.policy(decision.code) != nullptr;
    case DecisionKind::kActor:
      return codes.actor(decision.code) != nullptr;
    case DecisionKind::kLevel:
      return codes.level(decision.code) != nullptr;
    case DecisionKind::kTag:
      return is_tag(decision.code);
    case DecisionKind::kNote:
      return decision.code.empty();
    case DecisionKind::kLink:
      return std::ranges::find(kLinks, decision.code) != kLinks.end();
  }
  return false;
}

std::string_view kind_text(DecisionKind kind) {
  constexpr std::array<std::string_view, 7> kTexts = {"violation", "policy", "actor", "level",
                                                      "tag",       "note",   "link"};
  return kTexts.at(static_cast<std::size_t>(kind) - 1);
}

std::string_view how_text(DecisionHow how) {
  constexpr std::array<std::string_view, 3> kTexts = {"confirmed", "rejected", "undone"};
  return kTexts.at(static_cast<std::size_t>(how) - 1);
}

}  // namespace resguardo::analyst
