// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "crypto/base/clock.h"
#include "crypto/seal/roster.h"

namespace resguardo::intake {

// Whether this machine's clock may be believed, seen from the last day on which the store was used.
enum class ClockState : std::uint8_t { kBelieved, kBehind, kAhead };
constexpr std::int32_t kDaysBehind = 1;
constexpr std::int32_t kDaysAhead = 8;
ClockState clock_state(Day last_used, TimePoint now);

// What the store remembers of days and weeks: Epochs (epochs.h) keeps it.
struct Epoch {
  Day day;                     // the last one used
  Week week;                   // the one that is sealed to
  std::optional<Week> closed;  // up to this one nothing is ever sealed to again
};

// What may be sealed to now. The one place in the server that gives recipients (tests/arch).
//
// Promises: recipients of a closed week are given to nobody, whatever any clock says: the week that
// is sealed to is the store's, never goes back, and is compared with the closed ones each time. No
// report begins without a valid roster or under a clock that is not believed (protocol.md §1, §2);
// running ones go on under the last valid roster for `idle_timeout` after its end. Thread-safe.
class SealingGate {
 public:
  // Without a roster nothing can be sealed until there is one.
  SealingGate(std::optional<VerifiedRoster> roster, const Epoch& epoch,
              std::chrono::hours idle_timeout);

  // Leave to seal for some people of some week. While it lives, that week is in use.
  struct Pass {
    Recipients recipients;
    std::shared_ptr<const Week> week;
  };
  // For a segment of a running report.
  Result<Pass> enter(TimePoint now);
  // ok: a report may begin. The error says why not, for people who look after the server.
  Status may_begin(TimePoint now) const;
  // The roster's end is so long ago that running reports are to end as well.
  bool over(TimePoint now) const;

  ClockState clock(TimePoint now) const;
  std::optional<VerifiedRoster> roster() const;
  void replace(VerifiedRoster roster);
  void set(const Epoch& epoch);  // never back to a week before, nor open again what is closed
  bool in_use(Week through);     // somebody has leave for this week or an earlier one

 private:
  Result<Recipients> recipients(TimePoint now) const;
  bool past_end(TimePoint now) const;

  mutable std::mutex mutex_;
  std::optional<VerifiedRoster> roster_;
  Epoch epoch_;
  std::chrono::hours idle_timeout_;
  std::map<Week, std::weak_ptr<const Week>> in_use_;
};

}  // namespace resguardo::intake
