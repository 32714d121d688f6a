// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "bot/intake/sealing_gate.h"
#include "crypto/base/random.h"
#include "storage/store.h"

namespace resguardo::intake {

// The store's record of days and weeks. `leaf`: the last EPOCH_CLOSED entry, exact bytes.
struct EpochRecord {
  Epoch epoch;
  Bytes leaf;
};
Result<std::optional<EpochRecord>> stored_epochs(storage::Store& store);
// A store that has none begins with the clock as it is; every week before counts as closed.
Result<EpochRecord> read_epochs(storage::Store& store, TimePoint now);
// A person has looked: the machine's clock is right. Its week is sealed to from now on, unless that
// one is closed; then the first one that is not.
Status accept_clock(storage::Store& store, TimePoint now);

// Logs the last week that closed, if the process ended between deciding that and logging it; once.
// For whoever signs a checkpoint while no server runs: a day later the entry would be dated back.
Status log_closed_week(storage::Store& store);

// A log that begins anew says it in other bytes: `leaf` is the record's from now on.
Status replace_leaf(storage::Store& store, ByteView leaf);

// Moves the week on that is sealed to, and closes weeks (protocol.md §1): EPOCH_CLOSED enters the
// log once the week is over for a day, no turn under way may seal to it, and no report is open, or
// on its way to the report store, that has a segment of it.
//
// Promises: first it is on disk that nothing is sealed to a week again, then the log says so; once
// for each week, also across crashes. Does nothing while the clock is not believed. One thread.
class Epochs {
 public:
  // Adds an entry to the log; of one that is there already there is no second.
  using Log = std::function<Status(Day day, ByteView entry)>;
  Epochs(storage::Store& store, SealingGate& gate, EpochRecord record, RandomSource& salts,
         Log log);
  // About once a minute; what fails is tried again at the next call.
  Status run(TimePoint now);

 private:
  Status keep(EpochRecord next);
  Status log_leaf();
  Status close_next(TimePoint now);
  // Whether some report that is not yet in the report store was begun in this week or before.
  Result<bool> still_open(Week week);
  Result<std::optional<Week>> ask(const ReportId& report);

  storage::Store& store_;
  SealingGate& gate_;
  EpochRecord record_;
  RandomSource& salts_;
  Log log_;
  bool logged_ = false;             // the record's leaf, by this process
  std::map<ReportId, Week> asked_;  // first weeks, which never change, of those that had to be
};

}  // namespace resguardo::intake
