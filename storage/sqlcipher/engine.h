// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "crypto/base/result.h"
#include "storage/key_ring.h"
#include "storage/store.h"
#include "storage/store_lock.h"

namespace resguardo::storage {

struct EngineOptions {
  std::filesystem::path directory;
  Day today;                          // names the journal when there is none
  std::size_t queue_limit = 4096;     // turns waiting for the writer
  std::size_t queue_reserve = 512;    // beside them, for turns with patience
  std::size_t queue_waiting = 1024;   // of these, how many may wait for room
  std::size_t largest_batch = 256;    // turns that share a transaction
  std::size_t unlisted_turns = 8192;  // how many a start may have to read whole (docs/adr/142)
  std::size_t listed_at_once = 128;
  StoreUse use = StoreUse::kCommand;
};

// Makes DIR/reports.db, empty, under the ring's store key. kConflict: it is there, or the store is
// open somewhere.
Status create_store(const std::filesystem::path& directory, KeyRing& keys);

// The store on SQLCipher: DIR/reports.db, DIR/journal-DAY.db and DIR/lock, which it holds until it
// goes. A turnover of the journal that was cut short is undone, or finished. A report whose move to
// the report store was cut short is finished before this returns.
//
// The destructor completes what is queued. reports(), segments(), rows() and log_entries() wait
// for moves of what has been acknowledged, so that they show it; do not call them from a
// completion. `keys` and `random` outlive the store; they are used by its writer thread and by who
// calls turn_over_journal().
//
// kConflict: another process has it open. kNotFound: there is no store here. kUnauthentic: the
// keys do not fit. kMalformed: damaged, or the journal of open reports is not there although it has
// a key. kRefused: made by a newer version.
Result<std::unique_ptr<Store>> open_store(const EngineOptions& options, KeyRing& keys,
                                          RandomSource& random);

}  // namespace resguardo::storage
