// SPDX-License-Identifier: AGPL-3.0-or-later
// How the engine's reports end (storage/retention_store.h).
#include "storage/sqlcipher/acknowledged.h"
#include "storage/sqlcipher/engine_store.h"

namespace resguardo::storage {

// A report that is still in the journal is not touched: its move, made again, would bring it back.
Result<std::size_t> EngineStore::erase(std::span<const Erasure> reports) {
  std::size_t erased = 0;
  const Status done = queue_.run([&]() -> Status {
    RESGUARDO_CHECK(may_change_reports());
    move_closed();
    std::vector<Erasure> due;
    for (const Erasure& one : reports)
      if (!index_.report(one.report)) due.push_back(one);
    RESGUARDO_TRY(erased, reports_.erase(due, random_));
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
