// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/restored.h"

#include "storage/slot_file.h"
#include "storage/sqlcipher/files.h"
#include "storage/sqlcipher/report_slots.h"
#include "storage/sqlcipher/transaction.h"

namespace resguardo::storage {

using sqlcipher::Connection;
using sqlcipher::Transaction;

Result<KeylessReports> keyless_reports(const std::filesystem::path& directory, KeyRing& keys) {
  RESGUARDO_TRY(const auto key, keys.store_key());
  RESGUARDO_TRY(auto db, Connection::open(reports_file(directory), key, {.read_only = true}));
  RESGUARDO_TRY(const auto slots, look_at_slots(db, slots_file(directory)));
  RESGUARDO_TRY(const auto used, used_slots(db));
  KeylessReports keyless;
  for (const auto& [cell, report] : used) {
    const SlotState state = slots->state_of(cell, report);
    if (state == SlotState::kDamaged)
      keyless.damaged.push_back(report);
    else if (state != SlotState::kKey)
      keyless.erased.push_back(report);
  }
  return keyless;
}

// Ids ascend: they give the entries their order, and say nothing that the log before did not say.
Status begin_log_anew(const std::filesystem::path& directory, KeyRing& keys, Day day,
                      std::span<const Bytes> entries) {
  RESGUARDO_TRY(const auto key, keys.store_key());
  RESGUARDO_TRY(auto db, Connection::open(reports_file(directory), key, {}));
  RESGUARDO_TRY(auto transaction, Transaction::begin(db));
  RESGUARDO_CHECK(db.execute("DELETE FROM logged; DELETE FROM checkpoint; DELETE FROM log_entry"));
  RESGUARDO_TRY(auto insert, db.prepare("INSERT INTO log_entry (id, entry, day) VALUES (?, ?, ?)"));
  std::int64_t id = 0;
  for (const Bytes& entry : entries) RESGUARDO_CHECK(insert.run(++id, entry, day.number));
  RESGUARDO_CHECK(transaction.commit());
  return db.truncate_wal();
}

}  // namespace resguardo::storage
