// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "storage/media_store.h"
#include "storage/sqlcipher/connection.h"
#include "storage/store.h"

namespace resguardo::storage {

// A row of the table `media` of a journal (docs/adr/151).
struct MediaRow {
  MediaId media;
  ReportId report;
  Day day;
  bool closed = false;             // its report has, since
  std::optional<Bytes> reference;  // while it waits to be fetched
  std::optional<MediaWrite> file;  // once it was: until its report goes to the report store
};

// Every row of a journal.
Result<std::vector<MediaRow>> journal_media(sqlcipher::Connection& connection);
// Of these, what waits.
Result<std::vector<PendingMedia>> waiting_media(sqlcipher::Connection& connection);

// Writes that table. Runs inside the caller's transaction.
class JournalMedia {
 public:
  static Result<JournalMedia> prepare(sqlcipher::Connection& connection);

  Result<bool> has(const MediaId& media);
  Result<bool> waits(const MediaId& media, const ReportId& report);
  // What an accepted turn says of files. Those of an erased report that had been fetched are added
  // to `gone`.
  Status note(const Turn& turn, std::vector<MediaId>& gone);
  // What was fetched of a report that goes to the report store, and that it is there.
  Result<std::vector<MediaWrite>> fetched(const ReportId& report);
  Status release(const ReportId& report) { return do_.release.run(report); }
  Status add(const MediaRow& row);
  // A report that is nowhere any more.
  Status forget(const ReportId& report) { return do_.forget.run(report); }

 private:
  struct Statements {
    sqlcipher::Statement add;
    sqlcipher::Statement find;
    sqlcipher::Statement fetched;
    sqlcipher::Statement settle;
    sqlcipher::Statement remove;
    sqlcipher::Statement close;
    sqlcipher::Statement of_open;
    sqlcipher::Statement erase_open;
    sqlcipher::Statement release;
    sqlcipher::Statement forget;
  };
  explicit JournalMedia(Statements statements) : do_(std::move(statements)) {}
  Status settle(const ReportWrite& write);
  Status erase_open(const ReportId& report, std::vector<MediaId>& gone);

  Statements do_;
};

}  // namespace resguardo::storage
