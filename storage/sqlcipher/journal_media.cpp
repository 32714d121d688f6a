// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/journal_media.h"

#include <utility>

namespace resguardo::storage {

using sqlcipher::Connection;
using sqlcipher::Rows;

namespace {

constexpr Error kBrokenMediaRow = {Fault::kMalformed, "a journal row does not make sense"};

// media, bytes, ciphertext, from this column on.
Result<MediaWrite> file_in(const Rows& row, int media, int bytes) {
  const auto id = MediaId::from(row.bytes(media));
  const auto ciphertext = Digest::from(row.bytes(bytes + 1));
  if (!id || !ciphertext) return kBrokenMediaRow;
  return MediaWrite{*id, static_cast<std::uint64_t>(row.integer(bytes)), *ciphertext};
}

Result<MediaRow> media_row_in(const Rows& row) {
  MediaRow found;
  const auto id = MediaId::from(row.bytes(0));
  const auto report = ReportId::from(row.bytes(1));
  if (!id || !report) return kBrokenMediaRow;
  found.media = *id;
  found.report = *report;
  found.day.number = static_cast<std::int32_t>(row.integer(2));
  found.closed = row.integer(3) != 0;
  if (!row.is_null(4)) found.reference = to_bytes(row.bytes(4));
  if (row.is_null(5)) return found;
  RESGUARDO_TRY(found.file, file_in(row, 0, 5));
  return found;
}

}  // namespace

Result<std::vector<MediaRow>> journal_media(Connection& connection) {
  RESGUARDO_TRY(auto query,
                connection.prepare("SELECT media, report, day, closed, reference, bytes,"
                                   " ciphertext FROM media"));
  RESGUARDO_TRY(auto rows, query.query());
  std::vector<MediaRow> all;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return all;
    RESGUARDO_TRY(auto row, media_row_in(rows));
    all.push_back(std::move(row));
  }
}

Result<std::vector<PendingMedia>> waiting_media(Connection& connection) {
  RESGUARDO_TRY(auto all, journal_media(connection));
  std::vector<PendingMedia> waiting;
  for (MediaRow& row : all)
    if (row.reference)
      waiting.push_back({row.media, row.report, row.day, std::move(*row.reference)});
  return waiting;
}

Result<JournalMedia> JournalMedia::prepare(Connection& db) {
  RESGUARDO_TRY(auto add, db.prepare("INSERT INTO media (media, report, day, closed, reference,"
                                     " bytes, ciphertext) VALUES (?, ?, ?, ?, ?, ?, ?)"));
  RESGUARDO_TRY(auto find, db.prepare("SELECT report, reference IS NOT NULL FROM media"
                                      " WHERE media = ?"));
  RESGUARDO_TRY(auto fetched, db.prepare("SELECT media, bytes, ciphertext FROM media"
                                         " WHERE report = ? AND bytes IS NOT NULL"));
  RESGUARDO_TRY(auto settle, db.prepare("UPDATE media SET reference = NULL, bytes = ?2,"
                                        " ciphertext = ?3 WHERE media = ?1"));
  RESGUARDO_TRY(auto remove, db.prepare("DELETE FROM media WHERE media = ?"));
  RESGUARDO_TRY(auto close, db.prepare("UPDATE media SET closed = 1 WHERE report = ?"));
  RESGUARDO_TRY(auto of_open, db.prepare("SELECT media FROM media WHERE report = ? AND closed = 0"
                                         " AND bytes IS NOT NULL"));
  RESGUARDO_TRY(auto erase_open, db.prepare("DELETE FROM media WHERE report = ? AND closed = 0"));
  RESGUARDO_TRY(auto release, db.prepare("DELETE FROM media WHERE report = ?"
                                         " AND bytes IS NOT NULL"));
  RESGUARDO_TRY(auto forget, db.prepare("DELETE FROM media WHERE report = ?"));
  return JournalMedia(Statements{std::move(add), std::move(find), std::move(fetched),
                                 std::move(settle), std::move(remove), std::move(close),
                                 std::move(of_open), std::move(erase_open), std::move(release),
                                 std::move(forget)});
}

Result<bool> JournalMedia::has(const MediaId& media) {
  RESGUARDO_TRY(auto rows, do_.find.query(media));
  return rows.next();
}

Result<bool> JournalMedia::waits(const MediaId& media, const ReportId& report) {
  RESGUARDO_TRY(auto rows, do_.find.query(media));
  RESGUARDO_TRY(const bool found, rows.next());
  return found && equal(rows.bytes(0), report.view()) && rows.integer(1) != 0;
}

Status JournalMedia::note(const Turn& turn, std::vector<MediaId>& gone) {
  if (!turn.report) return success();
  const ReportWrite& write = *turn.report;
  if (write.change == ReportChange::kErase) return erase_open(write.report, gone);
  if (write.change == ReportChange::kAddendum) return settle(write);
  for (const auto& one : turn.pending_media)
    RESGUARDO_CHECK(add({one.media, write.report, write.day, false, one.reference, std::nullopt}));
  if (write.change == ReportChange::kClose) return do_.close.run(write.report);
  return success();
}

Status JournalMedia::settle(const ReportWrite& write) {
  if (!write.settles) return success();
  if (!write.media) return do_.remove.run(*write.settles);
  return do_.settle.run(*write.settles, write.media->bytes, write.media->ciphertext);
}

Status JournalMedia::erase_open(const ReportId& report, std::vector<MediaId>& gone) {
  {
    RESGUARDO_TRY(auto rows, do_.of_open.query(report));
    for (;;) {
      RESGUARDO_TRY(const bool more, rows.next());
      if (!more) break;
      const auto id = MediaId::from(rows.bytes(0));
      if (!id) return kBrokenMediaRow;
      gone.push_back(*id);
    }
  }
  return do_.erase_open.run(report);
}

Result<std::vector<MediaWrite>> JournalMedia::fetched(const ReportId& report) {
  RESGUARDO_TRY(auto rows, do_.fetched.query(report));
  std::vector<MediaWrite> all;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return all;
    RESGUARDO_TRY(const auto file, file_in(rows, 0, 1));
    all.push_back(file);
  }
}

Status JournalMedia::add(const MediaRow& row) {
  const auto& file = row.file;
  return do_.add.run(row.media, row.report, row.day.number, row.closed, row.reference,
                     file ? std::optional(file->bytes) : std::nullopt,
                     file ? std::optional(file->ciphertext) : std::nullopt);
}

}  // namespace resguardo::storage
