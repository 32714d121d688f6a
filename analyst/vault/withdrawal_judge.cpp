// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/withdrawal_judge.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "crypto/log/log_entry.h"
#include "crypto/log/segment_chain.h"
#include "crypto/log/withdrawal.h"
#include "crypto/log/withdrawal_keys.h"

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

using KeysByLog = std::map<std::string, WithdrawalKeys>;

// Every log that goes so far has the same key in that place.
bool agree(const KeysByLog& logs, std::size_t place) {
  std::set<Digest> keys;
  for (const auto& [origin, log] : logs)
    if (place < log.keys.size()) keys.insert(log.keys[place].hash);
  return keys.size() <= 1;
}

// What the logs name, each that names any.
struct NamedKeys {
  KeysByLog logs;
  bool disputed = false;          // of the report's own
  bool forged = false;            // a receipt takes another's place by no right
  std::set<Digest> waiting = {};  // promised, of a report that no log has yet
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
    auto keys = withdrawal_keys(facts);
    named.disputed = named.disputed || keys.disputed;
    named.forged = named.forged || keys.forged;
    if (!keys.keys.empty())
      named.logs.emplace(origin, std::move(keys));
    else
      without_key = without_key || std::ranges::any_of(facts, has_report);
  }
  named.disputed = named.disputed || without_key || !agree(named.logs, 0);
  if (named.logs.empty() && !without_key) named.waiting = promised_keys(entries);
  return named;
}

bool names(const WithdrawalKeys& log, const Digest& key) {
  return std::ranges::find(log.keys, key, &WithdrawalKey::hash) != log.keys.end();
}

// The entry's own log first; one that does not know the key leaves it to the others.
const WithdrawalKeys* log_that_names(const Digest& key, const std::string& origin,
                                     const NamedKeys& named) {
  const auto own = named.logs.find(origin);
  if (own != named.logs.end() && names(own->second, key)) return &own->second;
  for (const auto& [other, log] : named.logs)
    if (names(log, key)) return &log;
  return nullptr;
}

struct Judged {
  WithdrawalStanding standing = WithdrawalStanding::kForged;
  std::optional<WithdrawalStatement> statement = {};  // kSigned, kWaiting
};

// Only what a named key may have signed is verified.
Judged judge_in_place(const VaultLog::Entry& one, Day logged, const NamedKeys& named) {
  const auto key = brought_key(one.entry);
  if (!key.ok() && key.error().fault == Fault::kNotFound) return {WithdrawalStanding::kClaimed};
  if (!key.ok()) return {};
  if (named.waiting.contains(*key)) {  // then no log names any
    const auto read = read_withdrawal_entry(one.entry);
    return read.ok() ? Judged{WithdrawalStanding::kWaiting, read->statement} : Judged{};
  }
  if (named.logs.empty()) return {WithdrawalStanding::kClaimed};
  const WithdrawalKeys* log = log_that_names(*key, one.origin, named);
  if (log == nullptr) return {};
  const auto read = read_withdrawal_entry(one.entry);
  if (!read.ok()) return {};
  const auto place = key_for(*log, *key, read->statement.day, logged);
  if (!place) return {};
  if (named.disputed || !agree(named.logs, *place)) return {WithdrawalStanding::kDisputed};
  return {WithdrawalStanding::kSigned, read->statement};
}

// What has no place may be anybody's: it is not told as a server's forgery.
Judged judge_one(const VaultLog::Entry& one, Day logged, const NamedKeys& named) {
  Judged judged = judge_in_place(one, logged, named);
  if (judged.standing == WithdrawalStanding::kForged && !one.position)
    judged.standing = WithdrawalStanding::kClaimed;
  return judged;
}

}  // namespace

std::set<Digest> segments_with_new_receipts(std::span<const SegmentChainOf> segments,
                                            std::span<const VaultLog::Entry> entries) {
  std::map<Digest, Digest> covers;  // what an entry says that is over one segment alone
  for (const SegmentChainOf& one : segments)
    covers.emplace(report_digest({&one.chain, 1}), one.segment);
  const NamedKeys named = named_keys(entries);
  std::set<Digest> found;
  for (const auto& [origin, log] : named.logs)
    for (std::size_t place = 1; place < log.keys.size(); ++place) {
      const auto at = covers.find(log.keys[place].entry_digest);
      if (at != covers.end() && !named.disputed && agree(named.logs, place))
        found.insert(at->second);
    }
  return found;
}

bool ended_unsaid(std::span<const VaultLog::Entry> entries,
                  const std::map<std::string, Day>& restarts) {
  bool unsaid = false;
  for (const VaultLog::Entry& one : entries) {
    const auto fact = parse_log_entry(one.entry);
    if (!fact.ok() || !one.position || fact->kind != LogKind::kExpired) continue;
    // What the log before it said is dated anew too, and then that log says it here.
    const auto restart = restarts.find(one.origin);
    if (restart == restarts.end() || fact->day != restart->second) return false;
    unsaid = true;
  }
  return unsaid;
}

WithdrawalVerdict judge_withdrawals(std::span<const VaultLog::Entry> entries) {
  const NamedKeys named = named_keys(entries);
  WithdrawalVerdict verdict;
  verdict.forged_replacement = named.forged;
  for (const VaultLog::Entry& one : entries) {
    const auto fact = parse_log_entry(one.entry);
    if (!fact.ok()) continue;
    const bool all = fact->kind == LogKind::kWithdrawal;
    if (!all && fact->kind != LogKind::kConsentChange) continue;
    const auto [standing, statement] = judge_one(one, fact->day, named);
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
