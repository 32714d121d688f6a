// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "bot/config/config.h"
#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "crypto/seal/roster.h"
#include "storage/store.h"

namespace resguardo::commands {

// When a report goes (protocol.md §7): once both its streams were acknowledged, each by
// `acknowledgements` different members who are active in the roster, and `acknowledged` has passed
// since the day on which the server was told by the last of these.
struct ReportExpiry {
  ReportId report;
  Day closed;
  std::uint32_t testimony = 0;  // active members who have acknowledged it
  std::uint32_t identity = 0;
  std::optional<Day> due;  // nothing: more of them are needed
};

// Every report in the report store: those that go first come first, those that wait come last.
Result<std::vector<ReportExpiry>> plan_retention(storage::Store& store,
                                                 const VerifiedRoster& roster,
                                                 const config::Retention& rules);

struct Expired {
  std::size_t erased = 0;
  std::size_t left = 0;  // due, and not erased: damaged, or open again; the next call tries again
};
// Erases what is due and logs each as EXPIRED: its digest is the one that a REPORT over the same
// segments has. Waits for the store, so never call it from a completion. Call it about once a day,
// and never under a clock that is not believed.
Result<Expired> expire_reports(storage::Store& store, const VerifiedRoster& roster,
                               const config::Retention& rules, Day today, RandomSource& salts);

}  // namespace resguardo::commands
