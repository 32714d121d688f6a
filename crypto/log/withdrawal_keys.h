// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/log/log_entry.h"

namespace resguardo {

// A key with which a reporter may take back, as the log names it.
struct WithdrawalKey {
  Digest hash;               // SHA-256 of it
  Digest entry_digest;       // of the entry that names it: which segments that is over
  std::optional<Day> until;  // another one took its place on this day
};

// The keys of one report (docs/adr/161): that of its naming_entry(), and those of receipts that
// took the place of the one before.
//
// Promises: an ADDENDUM brings a key only with the token whose SHA-256 the entry before it in this
// row names, and only the first that does; a day's entries may be in any order. So nobody brings a
// key who has the log's key alone, or a token that has been used.
// WARNING: a server that was hostile while the receipt was not delivered had the token.
struct WithdrawalKeys {
  std::vector<WithdrawalKey> keys;  // in the order in which they were in use; none: no REPORT
  bool disputed = false;            // naming_entry(), of the first
  bool forged = false;              // an entry has a token that fits nothing
};

// `facts`: what one log says of one report, in its order.
WithdrawalKeys withdrawal_keys(std::span<const LogFact> facts);

// Of them, the one that a statement of `said` in an entry of `logged` may be signed with: the
// newest at any time, one before it up to the day on which it was replaced. Its place; nothing:
// none.
std::optional<std::size_t> key_for(const WithdrawalKeys& keys, const Digest& hash, Day said,
                                   Day logged);

}  // namespace resguardo
