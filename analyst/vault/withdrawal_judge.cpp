// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/withdrawal_judge.h"

#include <algorithm>

#include "crypto/log/log_entry.h"
#include "crypto/log/withdrawal.h"

namespace resguardo::analyst {
namespace {

// The hashes of keys that the logs name: one, unless they differ.
std::set<Digest> named_keys(std::span<const VaultLog::Entry> entries) {
  std::set<Digest> keys;
  std::set<std::string> origins;
  for (const VaultLog::Entry& one : entries) {
    const auto fact = parse_log_entry(one.entry);
    if (!fact.ok() || fact->kind != LogKind::kReport || !origins.insert(one.origin).second)
      continue;
    if (fact->withdrawal_key_hash) keys.insert(*fact->withdrawal_key_hash);
  }
  return keys;
}

WithdrawalStanding signed_standing(const Result<LoggedWithdrawal>& read,
                                   const std::set<Digest>& keys) {
  if (!read.ok())
    return read.error().fault == Fault::kNotFound ? WithdrawalStanding::kClaimed
                                                  : WithdrawalStanding::kForged;
  if (keys.empty()) return WithdrawalStanding::kClaimed;
  if (!keys.contains(read->key_hash)) return WithdrawalStanding::kForged;
  return keys.size() == 1 ? WithdrawalStanding::kSigned : WithdrawalStanding::kDisputed;
}

}  // namespace

WithdrawalVerdict judge_withdrawals(std::span<const VaultLog::Entry> entries) {
  const auto keys = named_keys(entries);
  WithdrawalVerdict verdict;
  for (const VaultLog::Entry& one : entries) {
    const auto fact = parse_log_entry(one.entry);
    if (!fact.ok()) continue;
    const bool all = fact->kind == LogKind::kWithdrawal;
    if (!all && fact->kind != LogKind::kConsentChange) continue;
    const auto read = read_withdrawal_entry(one.entry);
    const auto standing = signed_standing(read, keys);
    if (all) {
      verdict.everything = std::max(verdict.everything, standing);
      if (standing == WithdrawalStanding::kSigned && !verdict.said)
        verdict.said = read->statement.day;
    } else if (standing == WithdrawalStanding::kSigned) {
      verdict.purposes.insert(read->statement.purposes.begin(), read->statement.purposes.end());
    } else {
      verdict.purposes_unsigned = std::max(verdict.purposes_unsigned, standing);
    }
  }
  return verdict;
}

}  // namespace resguardo::analyst
