// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/withdrawal_judge.h"

#include <algorithm>
#include <map>
#include <vector>

#include "crypto/log/log_entry.h"
#include "crypto/log/naming_entry.h"
#include "crypto/log/withdrawal.h"

namespace resguardo::analyst {
namespace {

using FactsByLog = std::map<std::string, std::vector<LogFact>>;

// In the order of each log; without what has no place in one.
FactsByLog facts_in_place(std::span<const VaultLog::Entry> entries) {
  FactsByLog logs;
  for (const VaultLog::Entry& one : entries) {
    if (!one.position) continue;
    if (auto fact = parse_log_entry(one.entry); fact.ok())
      logs[one.origin].push_back(std::move(fact).value());
  }
  return logs;
}

// The hashes of keys that the logs name: one, unless it is disputed.
struct NamedKeys {
  std::set<Digest> keys;
  bool disputed = false;
  std::set<Digest> waiting;  // promised, of a report that no log has yet
};

// A log that only has what was added later leaves it to the others.
bool has_report(const LogFact& fact) {
  return fact.kind == LogKind::kReport || fact.kind == LogKind::kIncomplete;
}

// None if a log has anything that shows the report.
std::set<Digest> promised_keys(std::span<const VaultLog::Entry> entries) {
  std::set<Digest> keys;
  for (const VaultLog::Entry& one : entries) {
    const auto fact = parse_log_entry(one.entry);
    if (!fact.ok()) continue;
    if (one.position && (has_report(*fact) || fact->kind == LogKind::kAddendum)) return {};
    if (fact->kind == LogKind::kReport && fact->withdrawal_key_hash)
      keys.insert(*fact->withdrawal_key_hash);
  }
  return keys;
}

NamedKeys named_keys(std::span<const VaultLog::Entry> entries) {
  NamedKeys named;
  bool without_key = false;
  for (const auto& [origin, facts] : facts_in_place(entries)) {
    const NamingEntry naming = naming_entry(facts);
    named.disputed = named.disputed || naming.disputed;
    if (naming.entry != nullptr && naming.entry->withdrawal_key_hash)
      named.keys.insert(*naming.entry->withdrawal_key_hash);
    else
      without_key = without_key || std::ranges::any_of(facts, has_report);
  }
  named.disputed = named.disputed || without_key || named.keys.size() > 1;
  if (named.keys.empty() && !without_key) named.waiting = promised_keys(entries);
  return named;
}

struct Judged {
  WithdrawalStanding standing = WithdrawalStanding::kForged;
  std::optional<WithdrawalStatement> statement = {};  // kSigned, kWaiting
};

// Only what a named key may have signed is verified.
Judged judge_in_place(ByteView entry, const NamedKeys& named) {
  const auto key = brought_key(entry);
  if (!key.ok() && key.error().fault == Fault::kNotFound) return {WithdrawalStanding::kClaimed};
  if (!key.ok()) return {};
  const bool waits = named.waiting.contains(*key);
  if (named.keys.empty() && !waits) return {WithdrawalStanding::kClaimed};
  if (!named.keys.contains(*key) && !waits) return {};
  const auto read = read_withdrawal_entry(entry);
  if (!read.ok()) return {};
  if (waits) return {WithdrawalStanding::kWaiting, read->statement};
  if (named.disputed) return {WithdrawalStanding::kDisputed};
  return {WithdrawalStanding::kSigned, read->statement};
}

// What has no place may be anybody's: it is not told as a server's forgery.
Judged judge_one(const VaultLog::Entry& one, const NamedKeys& named) {
  Judged judged = judge_in_place(one.entry, named);
  if (judged.standing == WithdrawalStanding::kForged && !one.position)
    judged.standing = WithdrawalStanding::kClaimed;
  return judged;
}

}  // namespace

WithdrawalVerdict judge_withdrawals(std::span<const VaultLog::Entry> entries) {
  const NamedKeys named = named_keys(entries);
  WithdrawalVerdict verdict;
  for (const VaultLog::Entry& one : entries) {
    const auto fact = parse_log_entry(one.entry);
    if (!fact.ok()) continue;
    const bool all = fact->kind == LogKind::kWithdrawal;
    if (!all && fact->kind != LogKind::kConsentChange) continue;
    const auto [standing, statement] = judge_one(one, named);
    if (all) {
      verdict.everything = std::max(verdict.everything, standing);
      if (statement && !verdict.said) verdict.said = statement->day;
    } else if (statement) {
      const bool waits = standing == WithdrawalStanding::kWaiting;
      auto& purposes = waits ? verdict.purposes_waiting : verdict.purposes;
      purposes.insert(statement->purposes.begin(), statement->purposes.end());
    } else {
      verdict.purposes_unsigned = std::max(verdict.purposes_unsigned, standing);
    }
  }
  return verdict;
}

}  // namespace resguardo::analyst
