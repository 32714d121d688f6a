// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>

#include "bot/commands/log_days.h"
#include "bot/config/config.h"
#include "bot/intake/epochs.h"
#include "bot/intake/intake.h"
#include "bot/intake/people.h"
#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "storage/store.h"

namespace resguardo::commands {

// Everything outlives the upkeep.
struct UpkeepParts {
  storage::Store& store;
  intake::People& people;
  intake::Intake& intake;
  intake::SealingGate& gate;
  intake::Epochs& epochs;
  LogDays& log;
  RandomSource& ids;
  std::chrono::hours idle_timeout;
  config::Retention retention = {};
  intake::PhoneLinks* links = nullptr;
};

// What falls due while the bot serves: the week that is sealed to, silent conversations in memory,
// reports that nobody will finish, the day of the log before this one, old day keys, phones
// that were linked thirty days ago, old deliveries, the journal of the day before, and once a day
// the reports that were acknowledged long enough ago. Call run() about once a minute; what fails is
// tried again at the next call. Nothing is done under a clock that is not believed. One thread.
//
// True: there is a report that it could not bring to the report store, a silent one that it could
// not end or a closed one that cannot be moved. No bundle holds it.
class Upkeep {
 public:
  explicit Upkeep(const UpkeepParts& parts) : parts_(parts) {}
  bool run(TimePoint now);
  // An earlier day's journal is still there, although it should have been ended.
  bool journal_stays() const { return journal_stays_; }

 private:
  void sweep(Day today);
  void turn_over_journal(TimePoint now);
  void expire(Day today);

  UpkeepParts parts_;
  std::optional<Day> swept_;  // the writer reads the whole journal for it: once a day
  std::optional<Day> expired_;
  std::optional<Day> journal_;
  TimePoint next_try_{};
  bool journal_stays_ = false;
};

}  // namespace resguardo::commands
