// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "crypto/base/result.h"
#include "crypto/format/withdrawal.h"

namespace resguardo {

// A statement as its reporter signed it: 32 and 64 bytes, over its exact bytes under
// Label::kSignWithdrawal.
struct SignedWithdrawal {
  Bytes statement;
  Bytes key;
  Bytes signature;
};

// What the log says of it: a WITHDRAWAL entry where all is taken back, else a CONSENT_CHANGE.
// `day`: of the entry. kMalformed, kUnauthentic: nobody could verify it.
Result<Bytes> make_withdrawal_entry(const SignedWithdrawal& given, Day day, RandomSource& salts);

// The statement in such an entry, whose signature fits the key that it brings. kNotFound: it
// brings none, the server merely claims it; kUnauthentic: forged.
// WARNING: anybody can make a key. It is the reporter's only if its SHA-256 is the
// withdrawal_key_hash of the report's own entry.
struct LoggedWithdrawal {
  WithdrawalStatement statement;
  Digest key_hash;  // SHA-256 of the key
};
Result<LoggedWithdrawal> read_withdrawal_entry(ByteView entry);

// SHA-256 of the key that it brings, and nothing is verified: what is not the report's key needs no
// verifying. The same errors, but kUnauthentic.
Result<Digest> brought_key(ByteView entry);

}  // namespace resguardo
