// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <array>

#include "analyst/export/tables/cells.h"
#include "analyst/incident/decisions.h"

namespace resguardo::analyst {
namespace {

using Type = ColumnType;
using Guard = ColumnGuard;
using program::Outcome;

constexpr auto kCodingColumns = std::to_array<TableColumn>({
    {"incident_id", Type::kId, Guard::kOpen, "The incident", "", incident_id},
    {"kind", Type::kCode, Guard::kOpen, "violation or policy", "",
     [](const TableRow& row) { return std::string(row.kind); }},
    {"code", Type::kCode, Guard::kOpen, "The code", "",
     [](const TableRow& row) { return row.value->code; }},
    {"standing", Type::kCode, Guard::kOpen,
     "reported, proposed, to-decide (counts for nothing yet), confirmed or rejected", "",
     [](const TableRow& row) { return std::string(standing_text(row.value->standing)); }},
    {"because", Type::kCodes, Guard::kOpen, "Answers that propose it; never words", "",
     [](const TableRow& row) { return in_one_cell(row.value->because); }},
    {"decided_by", Type::kId, Guard::kOpen, "Member who decided it; empty: nobody", "",
     decided_by_cell},
    {"decided_on", Type::kDay, Guard::kOpen, "On which day", "", decided_on_cell},
    {"reason", Type::kWords, Guard::kWords, "Why, in the analyst's words", "", decided_why_cell},
});

// What holds of a code, if somebody decided about it.
const Decision* decision_about(const std::vector<Decision>& standing, const TableRow& row) {
  const auto kind = row.kind == "policy" ? DecisionKind::kPolicy : DecisionKind::kViolation;
  const auto found = std::ranges::find_if(standing, [&](const Decision& one) {
    return one.kind == kind && one.incident == row.incident->number && one.code == row.value->code;
  });
  return found == standing.end() ? nullptr : &*found;
}

Outcome<Done> each_coding(const TableRow& about, const RowVisitor& visitor) {
  const auto standing = standing_decisions(about.view->decisions);
  for (const Incident& incident : about.report->incidents) {
    TableRow row = about;
    row.incident = &incident;
    for (const auto* values : {&incident.violations, &incident.policies}) {
      row.kind = values == &incident.violations ? "violation" : "policy";
      for (const CodedValue& value : *values) {
        row.value = &value;
        row.decision = decision_about(standing, row);
        RESGUARDO_CHECK(visitor(row));
      }
    }
  }
  return Done{};
}

std::string linked_incident(const TableRow& row) {
  return to_hex(row.decision->other.value_or(ReportId{}).view()) + "-" +
         number_cell(row.decision->other_incident);
}

constexpr auto kLinkColumns = std::to_array<TableColumn>({
    {"incident_id", Type::kId, Guard::kOpen, "The incident", "", incident_id},
    {"type", Type::kCode, Guard::kOpen, "precedes, causes, part-of or parallel", "",
     [](const TableRow& row) { return row.decision->code; }},
    {"other_incident_id", Type::kId, Guard::kOpen,
     "The other incident, which need not be in this export", "", linked_incident},
    {"decided_by", Type::kId, Guard::kOpen, "Member who linked them", "", decided_by_cell},
    {"decided_on", Type::kDay, Guard::kOpen, "On which day", "", decided_on_cell},
    {"reason", Type::kWords, Guard::kWords, "Why, in the analyst's words", "", decided_why_cell},
});

Outcome<Done> each_link(const TableRow& about, const RowVisitor& visitor) {
  const auto standing = standing_decisions(about.view->decisions);
  for (const Incident& incident : about.report->incidents)
    for (const Decision& one : standing) {
      if (one.kind != DecisionKind::kLink || one.incident != incident.number || !one.other)
        continue;
      TableRow row = about;
      row.incident = &incident;
      row.decision = &one;
      RESGUARDO_CHECK(visitor(row));
    }
  return Done{};
}

}  // namespace

constinit const Table kCodingTable = {"codings", "How each code came to stand there",
                                      kCodingColumns, each_coding};
constinit const Table kLinkTable = {"links", "One row for each link that an analyst made",
                                    kLinkColumns, each_link};

}  // namespace resguardo::analyst
