// SPDX-License-Identifier: AGPL-3.0-or-later
// The engine's files, looked at for damage (storage/inspection_store.h).
#include <algorithm>
#include <set>

#include "storage/sqlcipher/engine_store.h"

namespace resguardo::storage {
namespace {

constexpr StaticText kDamagedReports =
    "the report store is damaged: what can be read is served and exported";
constexpr StaticText kDamagedJournal =
    "the journal is damaged: some who are in the middle of a report may have to begin anew";
constexpr StaticText kLostCommits =
    "the disk lost what had been stored: turns of before the last start are gone";
constexpr StaticText kLostMedia =
    "files that reporters sent are missing or changed: the rest is served and exported";
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
    case Damage::kMediaMissing:
    case Damage::kMediaChanged:
    case Damage::kMediaForeign:
      return kLostMedia;
    case Damage::kCell:
      break;
  }
  return kLostKeys;
}

// Nothing is lost by these, or not for what the start has not seen.
bool is_harmless(Damage damage) {
  return damage == Damage::kCell || damage == Damage::kMediaForeign;
}

Damage trees_of(Damage page) {
  return page == Damage::kReportsPage ? Damage::kReportsTrees : Damage::kJournalTrees;
}

bool is_damage(Fault fault) {
  return fault == Fault::kMalformed || fault == Fault::kUnauthentic;
}

// Which files are not as they were written.
class MediaJudge {
 public:
  MediaJudge(const MediaFolder& folder, const InspectionScope& scope)
      : folder_(folder), scope_(scope) {}

  Status look_at(const MediaWrite& file) {
    if (scope_.stop && scope_.stop()) return Error{Fault::kUnavailable, "it was stopped"};
    RESGUARDO_TRY(const auto length, folder_.length(file.media));
    if (!length) {
      missing_.insert(file.media);
    } else if (*length != file.bytes || !reads_as(file)) {
      changed_.insert(file.media);
    }
    return success();
  }
  bool failed() const { return !missing_.empty() || !changed_.empty(); }
  void keep_only(std::span<const MediaWrite> named) {
    std::set<MediaId> ids;
    for (const MediaWrite& one : named) ids.insert(one.media);
    for (auto* some : {&missing_, &changed_})
      std::erase_if(*some, [&](const MediaId& id) { return !ids.contains(id); });
  }
  void tell(FilesInspected& inspected) const {
    if (!missing_.empty()) inspected.found.push_back({Damage::kMediaMissing, missing_.size()});
    if (!changed_.empty()) inspected.found.push_back({Damage::kMediaChanged, changed_.size()});
  }

 private:
  // What the disk does not give is not what was written.
  bool reads_as(const MediaWrite& file) const {
    if (!scope_.every_page) return true;
    const auto content = folder_.content(file.media);
    return content.ok() && content->sha256 == file.ciphertext;
  }

  const MediaFolder& folder_;
  const InspectionScope& scope_;
  std::set<MediaId> missing_;
  std::set<MediaId> changed_;
};

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
    if (!is_harmless(one.what) && !damaged_) damaged_ = told_as(one.what);
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
  // Which files there should be cannot be read from a damaged page, which has been told.
  const Status media = inspect_media(scope, inspected);
  if (!media.ok() && !is_damage(media.error().fault)) return media.error();
  note_damage(inspected);
  return inspected;
}

// The folder first, then what is held and named: a file that comes meanwhile is nobody's for a
// moment, and is not told.
Status EngineStore::inspect_media(const InspectionScope& scope, FilesInspected& inspected) {
  RESGUARDO_TRY(const auto there, media_files_.list());
  auto wanted = media_files_.held();
  RESGUARDO_TRY(const auto named, named_media());
  MediaJudge judge(media_files_, scope);
  for (const MediaWrite& one : named) {
    wanted.insert(one.media);
    RESGUARDO_CHECK(judge.look_at(one));
  }
  if (judge.failed()) {  // erased meanwhile, perhaps
    RESGUARDO_TRY(const auto still, named_media());
    judge.keep_only(still);
  }
  const auto nobodys = [&](const MediaId& id) { return !wanted.contains(id); };
  const auto foreign =
      there.foreign + static_cast<std::size_t>(std::ranges::count_if(there.files, nobodys) +
                                               std::ranges::count_if(there.unfinished, nobodys));
  std::set<MediaId> files;  // one that moves to the report store is named twice for a moment
  for (const MediaWrite& one : named) files.insert(one.media);
  inspected.media = files.size();
  judge.tell(inspected);
  if (foreign > 0) inspected.found.push_back({Damage::kMediaForeign, foreign});
  return success();
}

}  // namespace resguardo::storage
