// SPDX-License-Identifier: AGPL-3.0-or-later
// How the engine's reports end (storage/retention_store.h).
#include "storage/sqlcipher/acknowledged.h"
#include "storage/sqlcipher/engine_store.h"

namespace resguardo::storage {

// An entry of another report with the same print does not count.
bool EngineStore::waits_in_journal(const ReportId& report) {
  const auto entry = index_.report(report);
  if (!entry) return false;
  const auto ids = journal_->ids_at(entry->position);
  return !ids.ok() || !*ids || (*ids)->report == report;
}

// A report that is still in the journal is not touched: its move, made again, would bring it back.
Result<std::size_t> EngineStore::erase(std::span<const Erasure> reports) {
  std::size_t erased = 0;
  const Status done = queue_.run([&]() -> Status {
    RESGUARDO_CHECK(may_change_reports());
    move_closed();
    std::vector<Erasure> due;
    for (const Erasure& one : reports)
      if (!waits_in_journal(one.report)) due.push_back(one);
    const auto gone = reports_.erase(due, random_);
    static_cast<void>(media_files_.remove(reports_.take_gone_media()).ok());  // or the next sweep
    if (!gone.ok()) return gone.error();
    erased = *gone;
    static_cast<void>(forget_media_of_nobody().ok());
    return success();
  });
  RESGUARDO_CHECK(done);
  return erased;
}

Result<bool> EngineStore::acknowledge(std::size_t segments,
                                      std::span<const ReportAcknowledgement> said) {
  bool there = false;
  const Status done = queue_.run([&]() -> Status {
    RESGUARDO_CHECK(may_change_reports());
    RESGUARDO_TRY(there, storage::acknowledge(reports_.connection(), segments, said));
    return success();
  });
  RESGUARDO_CHECK(done);
  return there;
}

Result<std::vector<ReportAcknowledgement>> EngineStore::acknowledgements() {
  return report_readers_.with([](ReportReader& reader) { return reader.acknowledgements(); });
}

}  // namespace resguardo::storage
