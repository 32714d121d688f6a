// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <array>

#include "analyst/export/tables/act_fields.h"
#include "analyst/export/tables/cells.h"

namespace resguardo::analyst {
namespace {

using Type = ColumnType;
using Guard = ColumnGuard;
using program::Outcome;

const pb::ViolationCode* violation_of(const TableRow& row) {
  return row.codes->violation(row.value->code);
}

constexpr auto kActOwn = std::to_array<TableColumn>({
    {"act_id", Type::kId, Guard::kOpen, "Of this act: its victim and number", "",
     [](const TableRow& row) { return victim_id(row) + "-" + number_cell(row.number); }},
    {"incident_id", Type::kId, Guard::kOpen, "The incident that it is part of", "", incident_id},
    {"victim_id", Type::kId, Guard::kOpen, "To whom it was done", "", victim_id},
    {"violation", Type::kCode, Guard::kOpen, "Kind of act", "violations",
     [](const TableRow& row) { return row.value->code; }},
    {"violation_group", Type::kCode, Guard::kOpen, "Group of the kind", "",
     [](const TableRow& row) {
       const auto* known = violation_of(row);
       return known == nullptr ? std::string() : known->group();
     }},
    {"hrf_category", Type::kCode, Guard::kOpen, "Category of the published counts", "categories",
     [](const TableRow& row) {
       const auto* known = violation_of(row);
       return known == nullptr ? std::string() : known->category();
     }},
    {"standing", Type::kCode, Guard::kOpen, "proposed by answers, or confirmed by a person", "",
     [](const TableRow& row) { return std::string(standing_text(row.value->standing)); }},
    {"because", Type::kCodes, Guard::kOpen, "Answers that propose it", "",
     [](const TableRow& row) { return in_one_cell(row.value->because); }},
});

// An answer about another kind of act has no place in this row.
template <std::size_t kNumber>
std::string act_field(const TableRow& row) {
  const std::string_view field = kActFields[kNumber].labels.substr(6);
  return is_about(field, row.value->code) ? in_one_cell(values_of(row.incident->fields, field))
                                          : std::string();
}

template <std::size_t... kNumbers>
constexpr auto act_columns(std::index_sequence<kNumbers...>) {
  std::array<TableColumn, kActOwn.size() + kActFields.size()> all{};
  std::copy(kActOwn.begin(), kActOwn.end(), all.begin());
  std::copy(kActFields.begin(), kActFields.end(), all.begin() + kActOwn.size());
  ((all[kActOwn.size() + kNumbers].cell = act_field<kNumbers>), ...);
  return all;
}
constexpr auto kActColumns = act_columns(std::make_index_sequence<kActFields.size()>());

// One victim, one kind of act: only those that stand, as they are counted.
Outcome<Done> each_act(const TableRow& about, const RowVisitor& visitor) {
  for (const Incident& incident : about.report->incidents) {
    const auto standing = standing_codes(incident.violations);
    for (const Victim& victim : incident.victims) {
      TableRow row = about;
      row.incident = &incident;
      row.victim = &victim;
      for (const CodedValue& value : incident.violations) {
        if (std::find(standing.begin(), standing.end(), value.code) == standing.end()) continue;
        if (value.standing == CodeStanding::kRejected || !happened_to(victim, incident, value))
          continue;
        row.value = &value;
        ++row.number;
        RESGUARDO_CHECK(visitor(row));
      }
    }
  }
  return Done{};
}

}  // namespace

constinit const Table kActTable = {"acts", "One row for each victim and kind of act that stands",
                                   kActColumns, each_act};

}  // namespace resguardo::analyst
