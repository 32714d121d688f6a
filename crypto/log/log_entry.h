// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

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
  std::optional<Digest> withdrawal_key_hash;  // kReport
  std::optional<Week> week;                   // kEpochClosed
};

// Exact bytes of pb::LogEntry with a fresh salt: what is stored, exported and hashed from then on.
// The salt keeps a leaf's hash from being tried against guessed contents.
Bytes make_log_entry(const LogFact& fact, RandomSource& salts);

// What a logged entry says, strictly parsed (kWithdrawal's statement is left to its own reader).
Result<LogFact> parse_log_entry(ByteView entry);

// The Merkle tree's leaf hash, RFC 6962 §2.1: SHA-256(0x00 ‖ entry).
Digest leaf_hash(ByteView entry);

}  // namespace resguardo
