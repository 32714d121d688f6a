// SPDX-License-Identifier: AGPL-3.0-or-later
// The engine's files of reporters (storage/media_store.h, docs/adr/151).
#include <algorithm>
#include <set>

#include "storage/addendum.h"
#include "storage/sqlcipher/engine_store.h"

namespace resguardo::storage {

using sqlcipher::Connection;

// Reads the journal's table of files, and keeps no page of it: names of files stand there until
// they are fetched, and a reader that rests would not notice that they have gone.
template <class Use>
auto EngineStore::read_journal_media(Use&& use) {
  return journal_readers_.with([&](JournalReader& reader) {
    auto result = use(reader.connection());
    reader.connection().forget_pages();
    return result;
  });
}

// What was taken lies in the journal, what was fetched in a folder, and what says that it was in
// the journal as long as its report is open; then in the report store. A file without a row is
// nobody's.
Result<std::vector<PendingMedia>> EngineStore::pending_media() {
  return read_journal_media(waiting_media);
}

// The journal first: what is moved meanwhile is in the report store before it leaves the journal.
Result<bool> EngineStore::is_named(const MediaId& media) {
  const auto has = [&](Connection& connection, StaticText sql) -> Result<bool> {
    RESGUARDO_TRY(auto query, connection.prepare(sql));
    RESGUARDO_TRY(auto rows, query.query(media));
    return rows.next();
  };
  RESGUARDO_TRY(const bool waits_for_move, read_journal_media([&](Connection& journal) {
                  return has(journal, "SELECT 1 FROM media WHERE media = ? AND bytes IS NOT NULL");
                }));
  if (waits_for_move) return true;
  return report_readers_.with([&](ReportReader& reader) {
    return has(reader.connection(), "SELECT 1 FROM media WHERE media = ?");
  });
}

Result<std::unique_ptr<MediaFile>> EngineStore::begin_media(const MediaId& id, Day today) {
  RESGUARDO_TRY(const bool named, is_named(id));
  if (named) return kMediaThere;
  return media_files_.begin(id, today);
}

Result<std::vector<StoredMedia>> EngineStore::media(const ReportId& report) {
  wait_for_moves();
  return report_readers_.with([&](ReportReader& reader) { return reader.media(report); });
}

Status EngineStore::media_chunks(const MediaId& id, const ChunkVisitor& visit) {
  return media_files_.chunks(id, visit);
}

// Every file that a row names, of open and closed reports; in the same order.
Result<std::vector<MediaWrite>> EngineStore::named_media() {
  std::vector<MediaWrite> named;
  RESGUARDO_TRY(const auto rows, read_journal_media(journal_media));
  for (const MediaRow& row : rows)
    if (row.file) named.push_back(*row.file);
  RESGUARDO_TRY(const auto stored,
                report_readers_.with([](ReportReader& reader) { return reader.all_media(); }));
  for (const StoredMedia& one : stored) named.push_back({one.media, one.bytes, one.ciphertext});
  return named;
}

// What is named is asked after what is there: whoever had let a file go by the beginning has had
// its turn recorded, or does not want it; what was held then, or is begun later, is for the next
// sweep.
Result<std::size_t> EngineStore::sweep_media() {
  const std::lock_guard one_at_a_time(sweep_mutex_);
  RESGUARDO_CHECK(queue_.run([this] { return forget_media_of_nobody(); }));
  media_files_.start_sweep();
  RESGUARDO_TRY(auto there, media_files_.list());
  if (there.files.empty() && there.unfinished.empty()) return std::size_t{0};
  std::set<MediaId> wanted;
  RESGUARDO_TRY(const auto named, named_media());
  for (const MediaWrite& one : named) wanted.insert(one.media);
  auto& orphans = there.files;
  std::erase_if(orphans, [&](const MediaId& id) { return wanted.contains(id); });
  for (const MediaId& id : there.unfinished)
    if (!wanted.contains(id)) orphans.push_back(id);
  return media_files_.sweep(orphans);
}

Status EngineStore::check_media(const Turn& turn, const IndexChanges& changes) {
  RESGUARDO_CHECK(check_media_parts(turn));
  if (!turn.report || turn.report->change == ReportChange::kErase) return success();
  std::set<MediaId> taken;
  for (const auto& one : turn.pending_media) {
    RESGUARDO_TRY(const bool waits, journal_->media().has(one.media));
    const auto stored = reports_.has_media(one.media);  // a damaged page there stops no turn
    if (waits || (stored.ok() && *stored) || !taken.insert(one.media).second) return kMediaThere;
  }
  if (turn.report->change == ReportChange::kAddendum) return check_addendum(*turn.report, changes);
  return success();
}

Status EngineStore::check_addendum(const ReportWrite& write, const IndexChanges& changes) {
  const auto open = changes.report(write.report);
  RESGUARDO_TRY(const bool closed, reports_.has_report(write.report));
  if (open && closed) return kReportOpenAgain;
  if (!open && !closed) return kReportGone;
  const std::uint32_t index = write.segments[0].index;
  RESGUARDO_TRY(const bool there, open ? journal_->has_addendum(write.report, *open, index)
                                       : reports_.has_addendum(write.report, index));
  if (there) return kAddendumThere;
  if (!write.settles) return success();
  RESGUARDO_TRY(const bool waits, journal_->media().waits(*write.settles, write.report));
  if (!waits) return kMediaNotWaiting;
  if (!write.media) return success();
  RESGUARDO_TRY(const auto length, media_files_.length(write.media->media));
  return length == write.media->bytes ? success() : Status(kMediaNotKept);
}

// Of reports that are neither open nor stored: their end was cut short here.
Status EngineStore::forget_media_of_nobody() {
  RESGUARDO_TRY(const auto rows, journal_media(journal_->connection()));
  std::set<ReportId> nobodys;
  for (const MediaRow& row : rows) {
    if (index_.report(row.report)) continue;
    RESGUARDO_TRY(const bool stored, reports_.has_report(row.report));
    if (!stored) nobodys.insert(row.report);
  }
  if (nobodys.empty()) return success();
  wal_holds_released_ = true;
  RESGUARDO_TRY(auto transaction, sqlcipher::Transaction::begin(journal_->connection()));
  for (const ReportId& report : nobodys) RESGUARDO_CHECK(journal_->media().forget(report));
  return transaction.commit();
}

}  // namespace resguardo::storage
