// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "crypto/base/result.h"

namespace resguardo {

enum class LogKind : std::uint8_t {  // numbers are the schema's (proto/log.proto)
  kReport = 1,
  kAddendum = 2,
  kIncomplete = 3,
  kWithdrawal = 4,
  kConsentChange = 5,
  kExpired = 6,
  kRoster = 7,
  kEpochList = 8,
  kEpochClosed = 9,
  kQuestionnaire = 10,
  kRestart = 11,
};

// One thing that happened, to be logged.
struct LogFact {
  LogKind kind = LogKind::kReport;
  Bytes id;       // of the report, member, …; at most 32 bytes; empty where there is none
  Digest digest;  // SHA-256, docs/format.md says over what
  Day day;
  std::optional<Digest> withdrawal_key_hash;  // kReport; kAddendum: of a receipt that replaces one
  std::optional<Week> week;                   // kEpochClosed
  // Of the receipt whose key is named: crypto/log/withdrawal_keys.h.
  std::optional<Digest> replacement_hash = {};             // SHA-256 of the token that replaces it
  std::optional<ReplacementToken> replacement_token = {};  // kAddendum: of the one before
};

// Exact bytes of pb::LogEntry with a fresh salt: what is stored, exported and hashed from then on.
// The salt keeps a leaf's hash from being tried against guessed contents.
Bytes make_log_entry(const LogFact& fact, RandomSource& salts);

// The entry that a log begins with after a restore (docs/adr/135): `checkpoint` is the last one of
// the log before, exactly as signed; empty: nobody had one. `digest` is its SHA-256.
Bytes make_restart_entry(std::string_view checkpoint, Day day, RandomSource& salts);
// The checkpoint in such an entry. kMalformed: it is another kind, or does not fit its digest.
Result<std::string> restart_checkpoint(ByteView entry);

// The same fact as `entry` has it, dated anew: what a log says again of the one before it.
Result<Bytes> log_entry_again(ByteView entry, Day day, RandomSource& salts);

// What a logged entry says, strictly parsed (the statements of kWithdrawal, kConsentChange and
// kRestart are left to their own readers).
Result<LogFact> parse_log_entry(ByteView entry);

// The Merkle tree's leaf hash, RFC 6962 §2.1: SHA-256(0x00 ‖ entry).
Digest leaf_hash(ByteView entry);

}  // namespace resguardo
