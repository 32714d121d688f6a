// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>

#include "crypto/base/clock.h"
#include "crypto/seal/roster.h"
#include "storage/store.h"

namespace resguardo::commands {

// What a member's acknowledgement said of what this store holds.
struct TakenAcknowledgement {
  std::string member;                // the label in the roster
  Day day;                           // the member's
  std::size_t reports = 0;           // vouched for whole
  std::size_t without_identity = 0;  // of these, such as the member cannot open the identity of
  std::size_t partly = 0;   // not vouched for: some segment was not named, or is another here
  std::size_t unknown = 0;  // segments that are not here (any more)
};

// Believes an acknowledgement (crypto/log/acknowledgement.h) and remembers it: a report counts for
// a member, stream by stream, if every segment of it was named with the very bytes that lie here.
// `today`, the day on which the server is told, is what retention counts from.
//
// kMalformed, kUnauthentic: it is none, is forged, or no active member of `roster` signed it.
// kRefused: it is for another server's log, or for a log that this one does not continue.
// kReplayed: it was taken before. kStale: that member has given a newer one. kNotFound: nothing
// that it names is here. Nothing is remembered then.
Result<TakenAcknowledgement> take_acknowledgement(storage::Store& store,
                                                  const VerifiedRoster& roster, ByteView file,
                                                  Day today);

// After a restore: the log that these members' acknowledgements counted in is over, so that the
// next one of each may know fewer entries. Which one was taken last, and its day, stay.
Status forget_log_sizes(storage::Store& store, const std::vector<MemberId>& members);

}  // namespace resguardo::commands
