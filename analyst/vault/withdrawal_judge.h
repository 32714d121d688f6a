// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "analyst/vault/vault_log.h"

namespace resguardo::analyst {

// What stands behind "the reporter took it back".
enum class WithdrawalStanding : std::uint8_t {
  kNone,      // nobody says so
  kClaimed,   // the server says so; no statement, or no key is logged to hold it against
  kForged,    // a statement that the report's key did not sign
  kDisputed,  // the logs name several keys for the report
  kSigned,    // with the key that the report's own entry names
};

struct WithdrawalVerdict {
  WithdrawalStanding everything = WithdrawalStanding::kNone;
  std::optional<Day> said;         // kSigned: the first such statement's day
  std::set<std::string> purposes;  // taken back, signed
  // Of what was said of purposes, the worst that is not signed.
  WithdrawalStanding purposes_unsigned = WithdrawalStanding::kNone;
};

// By the entries about one report, as VaultLog::about() gives them. The key's hash is that of the
// first REPORT entry of each log; where logs differ, nothing is believed. An ADDENDUM brings no
// key: whoever has the log key could put one there long after.
WithdrawalVerdict judge_withdrawals(std::span<const VaultLog::Entry> entries);

}  // namespace resguardo::analyst
