// SPDX-License-Identifier: AGPL-3.0-or-later
#include <array>

#include "analyst/export/tables/cells.h"

namespace resguardo::analyst {
namespace {

using Type = ColumnType;
using Guard = ColumnGuard;
using program::Outcome;

std::string actor_fact(const TableRow& row, const std::string& (pb::ActorCode::*fact)() const) {
  const pb::ActorCode* actor = row.codes->actor(row.involvement->actor);
  return actor == nullptr ? "" : (actor->*fact)();
}

constexpr auto kPerpetratorColumns = std::to_array<TableColumn>({
    {"involvement_id", Type::kId, Guard::kOpen, "Of this involvement", "",
     [](const TableRow& row) { return incident_id(row) + "-p" + number_cell(row.number); }},
    {"incident_id", Type::kId, Guard::kOpen, "The incident", "", incident_id},
    {"actor", Type::kCode, Guard::kOpen, "Who did it, or let it happen", "actors",
     [](const TableRow& row) { return row.involvement->actor; }},
    {"actor_parent", Type::kCode, Guard::kOpen, "Of whom that is a part", "actors",
     [](const TableRow& row) { return actor_fact(row, &pb::ActorCode::parent); }},
    {"sector", Type::kCode, Guard::kOpen, "state, or another", "",
     [](const TableRow& row) { return actor_fact(row, &pb::ActorCode::sector); }},
    {"degree", Type::kCode, Guard::kOpen, "Degree of involvement", "map:involvement",
     [](const TableRow& row) { return row.involvement->degree; }},
    {"acquiescence", Type::kCode, Guard::kOpen, "An authority that let others do it: how",
     "map:acquiescence", [](const TableRow& row) { return row.involvement->acquiescence; }},
    {"count", Type::kCode, Guard::kOpen, "How many, a band", "field:involvement.count",
     [](const TableRow& row) { return row.involvement->count; }},
    {"identifiers", Type::kCodes, Guard::kOpen, "By what they were known, of all those involved",
     "field:perpetrator.identifiers"},
    {"identifiers_words", Type::kWords, Guard::kWords,
     "What is said of them, of all those involved", "",
     [](const TableRow& row) {
       return words_cell(row.incident->words, "perpetrator.identifiers_text");
     }},
    {"group_words", Type::kWords, Guard::kWords, "What group they named, of all those involved", "",
     [](const TableRow& row) { return words_cell(row.incident->words, "perpetrator.group_name"); }},
});

Outcome<Done> each_involvement(const TableRow& about, const RowVisitor& visitor) {
  for (const Incident& incident : about.report->incidents) {
    TableRow row = about;
    row.incident = &incident;
    for (const Involvement& involvement : incident.involvements) {
      row.involvement = &involvement;
      ++row.number;
      RESGUARDO_CHECK(visitor(row));
    }
  }
  return Done{};
}

constexpr auto kVictimColumns = std::to_array<TableColumn>({
    {"victim_id", Type::kId, Guard::kOpen, "Of this victim within this incident; no name", "",
     victim_id},
    {"incident_id", Type::kId, Guard::kOpen, "The incident", "", incident_id},
    {"label", Type::kText, Guard::kOpen, "A letter of the interviewer, or 1", "",
     [](const TableRow& row) { return row.victim->label; }},
    {"relation", Type::kCode, Guard::kQuasi, "Of whoever tells it to the victim",
     "field:victim.relationship", [](const TableRow& row) { return row.victim->relation; }},
    {"nationality", Type::kCode, Guard::kQuasi, "ISO 3166-1", "nationalities",
     [](const TableRow& row) { return row.victim->nationality; }},
    {"gender", Type::kCode, Guard::kQuasi, "Gender", "field:reporter.gender",
     [](const TableRow& row) { return row.victim->gender; }},
    {"age_band", Type::kCode, Guard::kQuasi, "Age, a band", "field:reporter.age_band",
     [](const TableRow& row) { return row.victim->age_band; }},
    {"characteristics", Type::kCodes, Guard::kSensitive, "Groups that they belong to",
     "field:victim.characteristics",
     [](const TableRow& row) { return in_one_cell(row.victim->characteristics); }},
    {"acts", Type::kCodes, Guard::kOpen, "What was done to them; empty: all of it",
     "field:act.type", [](const TableRow& row) { return in_one_cell(row.victim->acts); }},
});

Outcome<Done> each_victim(const TableRow& about, const RowVisitor& visitor) {
  for (const Incident& incident : about.report->incidents) {
    TableRow row = about;
    row.incident = &incident;
    for (const Victim& victim : incident.victims) {
      row.victim = &victim;
      RESGUARDO_CHECK(visitor(row));
    }
  }
  return Done{};
}

}  // namespace

constinit const Table kPerpetratorTable = {"perpetrators", "One row for each kind of perpetrator",
                                           kPerpetratorColumns, each_involvement};
constinit const Table kVictimTable = {"victims", "One row for each victim of each incident",
                                      kVictimColumns, each_victim};

}  // namespace resguardo::analyst
