// SPDX-License-Identifier: AGPL-3.0-or-later
// The engine's log (storage/log_store.h): it lives in the report store.
#include "storage/sqlcipher/engine_store.h"

namespace resguardo::storage {

Status EngineStore::log(Day day, ByteView entry) {
  return queue_.run([&]() -> Status {
    RESGUARDO_CHECK(may_change_reports());
    return reports_.log(day, entry, random_);
  });
}

Result<std::vector<Bytes>> EngineStore::log_entries() {
  wait_for_moves();
  return report_readers_.with([](ReportReader& reader) { return reader.log_entries(); });
}

// On the writer thread, after the turns that were queued before: a report that has closed brings
// its entries along.
Status EngineStore::turn_over_log(Day day, LogBuilder& builder) {
  return queue_.run([&]() -> Status {
    RESGUARDO_CHECK(may_change_reports());
    move_closed();
    RESGUARDO_CHECK(log_unmoved());
    return reports_.turn_over_log(day, builder, random_);
  });
}

// The entries of a report that cannot be moved go into the log without it: days later they would be
// dated before what is there, and analysts refuse a log like that. What cannot be read may be
// readable later: then the day waits; what is damaged never comes.
Status EngineStore::log_unmoved() {
  for (const ReportId& id : closing_) {
    const auto report = journal_->collect(id, *index_.report(id));
    if (!report.ok() && report.error().fault == Fault::kUnavailable) return report.error();
    if (!report.ok()) continue;
    for (const Bytes& entry : report->parts.log_entries)
      RESGUARDO_CHECK(reports_.log(report->closed, entry, random_));
  }
  return success();
}

Result<std::optional<StoredCheckpoint>> EngineStore::last_checkpoint() {
  return report_readers_.with([](ReportReader& reader) { return reader.last_checkpoint(); });
}

Result<std::optional<StoredCheckpoint>> EngineStore::checkpoint_of(Day day) {
  return report_readers_.with([&](ReportReader& reader) { return reader.checkpoint_of(day); });
}

Status EngineStore::logged(std::uint64_t from, std::uint64_t to, const EntryVisitor& visit) {
  return report_readers_.with([&](ReportReader& reader) { return reader.logged(from, to, visit); });
}

}  // namespace resguardo::storage
