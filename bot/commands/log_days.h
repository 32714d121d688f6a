// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/clock.h"
#include "crypto/log/log_key.h"
#include "storage/store.h"

namespace resguardo::commands {

// The log's name, as the newest roster that the store kept has it; empty: it names none, or only
// the log that ended when this server was restored.
Result<std::string> log_origin(storage::Store& store);

// The same, and of a server that was restored only if that roster also names its key: analysts
// refuse what any other signs.
Result<std::string> own_log_origin(storage::Store& store, const PublicKey<LogRole>& own);
// After a restore: whatever the rosters of before name is over.
Status end_logs_of_rosters(storage::Store& store);

// Logs that are over: their names are not used again (docs/adr/135).
Result<std::vector<std::string>> ended_logs(storage::Store& store);
Status end_log(storage::Store& store, std::string_view origin);

// Ends a day of the log: what waits gets its places, and the day its checkpoint, unless there is
// one of that day or a later one. Nothing happens before the log's first entry. The same entries
// always give the same bytes, and nobody is shown a checkpoint before it is committed: a crash in
// between contradicts nothing.
// kNotFound: no roster names the log. kRefused: the log was begun under another name.
Status close_log_day(storage::Store& store, const LogKey& key, Day day);

// The stored checkpoint that `note` is (its text; who else signed does not matter).
// kUnauthentic: this log never made it.
Result<storage::StoredCheckpoint> own_checkpoint(storage::Store& store, const LogKey& key,
                                                 std::string_view note);

// Closes the day before at the first call after midnight UTC, while the bot serves.
class LogDays {
 public:
  LogDays(storage::Store& store, const LogKey& key) : store_(store), key_(key) {}
  // About once a minute; what fails is tried again at the next call.
  void run(TimePoint now);
  // Days since the day that the last checkpoint ended, as of the last run(); nothing: there is
  // none. Any thread.
  std::optional<int> age() const {
    const int age = age_;
    return age == kNone ? std::nullopt : std::optional(age);
  }

 private:
  storage::Store& store_;
  const LogKey& key_;
  std::optional<Day> closed_;
  static constexpr int kNone = std::numeric_limits<int>::min();
  std::atomic<int> age_ = kNone;
};

}  // namespace resguardo::commands
