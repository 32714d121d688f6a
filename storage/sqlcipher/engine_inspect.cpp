// SPDX-License-Identifier: AGPL-3.0-or-later
// The engine's files, looked at for damage (storage/inspection_store.h).
#include "storage/sqlcipher/engine_store.h"

namespace resguardo::storage {
namespace {

constexpr StaticText kDamagedReports =
    "the report store is damaged: what can be read is served and exported";
constexpr StaticText kDamagedJournal =
    "the journal is damaged: some who are in the middle of a report may have to begin anew";
constexpr StaticText kLostCommits =
    "the disk lost what had been stored: turns of before the last start are gone";
constexpr StaticText kLostKeys =
    "the slots are damaged or an older copy: some reports cannot be read";

StaticText told_as(Damage damage) {
  switch (damage) {
    case Damage::kReportsPage:
    case Damage::kReportsTrees:
      return kDamagedReports;
    case Damage::kJournalPage:
    case Damage::kJournalTrees:
      return kDamagedJournal;
    case Damage::kReportsWal:
    case Damage::kJournalWal:
      return kLostCommits;
    case Damage::kCell:
      break;
  }
  return kLostKeys;
}

Damage trees_of(Damage page) {
  return page == Damage::kReportsPage ? Damage::kReportsTrees : Damage::kJournalTrees;
}

bool is_damage(Fault fault) {
  return fault == Fault::kMalformed || fault == Fault::kUnauthentic;
}

}  // namespace

void EngineStore::note_lost(const LostCommits& lost) {
  const bool keys = slots_->lost_cells() > 0;
  const std::lock_guard lock(health_mutex_);
  lost_ = lost;
  if (keys) damaged_ = kLostKeys;
  if (lost.reports > 0 || lost.journal > 0) damaged_ = kLostCommits;
}

void EngineStore::note_damage(const FilesInspected& inspected) {
  const std::lock_guard lock(health_mutex_);
  // A cell may be nobody's: whether a report is lost by it was seen at the start.
  for (const DamageFound& one : inspected.found)
    if (one.what != Damage::kCell && !damaged_) damaged_ = told_as(one.what);
}

// Pages first: a tree that is not sound says neither where nor how many.
Status EngineStore::inspect_database(sqlcipher::Connection& database, const InspectionScope& scope,
                                     Damage page, FilesInspected& inspected) const {
  RESGUARDO_TRY(const auto pages, database.number("PRAGMA page_count"));
  inspected.pages += static_cast<std::uint64_t>(pages);
  std::vector<std::uint64_t> damaged;
  if (scope.every_page) {
    RESGUARDO_TRY(damaged, database.damaged_pages());
  }
  for (const std::uint64_t number : damaged) inspected.found.push_back({page, number});
  const std::function<bool()> go_on = [] { return false; };
  const Status sound =
      scope.every_page ? database.check() : database.check_quickly(scope.stop ? scope.stop : go_on);
  if (sound.ok()) return success();
  if (!is_damage(sound.error().fault)) return sound;
  if (damaged.empty()) inspected.found.push_back({trees_of(page), 0});
  return success();
}

Result<FilesInspected> EngineStore::inspect_files(const InspectionScope& scope) {
  FilesInspected inspected;
  {
    const std::lock_guard lock(health_mutex_);
    if (lost_.reports > 0) inspected.found.push_back({Damage::kReportsWal, lost_.reports});
    if (lost_.journal > 0) inspected.found.push_back({Damage::kJournalWal, lost_.journal});
  }
  RESGUARDO_TRY(const auto slots, slots_->inspect());
  inspected.cells = slots.cells;
  for (const std::uint32_t cell : slots.damaged) inspected.found.push_back({Damage::kCell, cell});
  RESGUARDO_CHECK(report_readers_.with([&](ReportReader& reports) {
    return inspect_database(reports.connection(), scope, Damage::kReportsPage, inspected);
  }));
  if (scope.stop && scope.stop()) return Error{Fault::kUnavailable, "it was stopped"};
  RESGUARDO_TRY(auto journal, journal_readers_.open_another());
  RESGUARDO_CHECK(inspect_database(journal.connection(), scope, Damage::kJournalPage, inspected));
  note_damage(inspected);
  return inspected;
}

}  // namespace resguardo::storage
