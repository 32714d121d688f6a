// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>

#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "storage/store.h"

namespace resguardo::intake {

struct Ended {
  std::size_t closed = 0;  // INCOMPLETE or ADDENDUM, in the log
  std::size_t erased = 0;
  std::size_t left = 0;  // due, and not ended: their reporters wrote meanwhile, or the store failed
};

// True once a conversation whose last turn was on `last_turn` has surely been silent for
// `idle_timeout`: it counts from the end of that day, because the day is all that is kept.
bool silent_since(Day last_turn, std::chrono::hours idle_timeout, TimePoint now);

// Ends the reports of reporters who fell silent (protocol.md §3.8): one that is to be kept closes
// as INCOMPLETE, with an entry in the log over what it holds, the others are erased. What was added
// to a report that had closed before is kept in any case, as an ADDENDUM over what is new. Either
// takes the conversation's tag and state with it.
//
// Promises: needs neither the sender nor any key; a report whose reporter writes at that very
// moment is left as it is, or has ended before that message, which then begins anew; a report ends
// once, also across crashes. A report that cannot be ended does not keep the others waiting: call
// it again. Waits for the store, so never call it from a completion.
Ended end_silent_reports(storage::Store& store, std::chrono::hours idle_timeout, TimePoint now,
                         RandomSource& salts);

// The same for every open report, silent or not: there is nobody left to seal to.
Ended end_all_reports(storage::Store& store, TimePoint now, RandomSource& salts);

// What somebody was adding to a closed report and left ends where it is, as a silence would end it.
// Success: nobody was adding (any more).
Status end_addition(storage::Store& store, const ReportId& report, TimePoint now,
                    RandomSource& salts);

}  // namespace resguardo::intake
