// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_withdrawals.h"

#include <algorithm>
#include <sstream>

#include "analyst/vault/vault_state.h"
#include "crypto/log/log_entry.h"

namespace resguardo::analyst {
namespace {

constexpr Error kBrokenHold = {Fault::kMalformed, "what the vault kept of a withdrawal is damaged"};
constexpr std::size_t kKeptHead = 4 + 4 + 1;

// Names of facts.
constexpr std::string_view kHold = "withdrawal/";
constexpr std::string_view kWaiting = "withdrawal-waiting/";
constexpr std::string_view kSettled = "withdrawal-settled/";
constexpr std::string_view kPurposes = "withdrawn-purposes/";

std::string name_of(std::string_view what, const ReportId& report) {
  return std::string(what) + to_hex(report.view());
}

Result<std::optional<Bytes>> fact_named(sqlcipher::Connection& database, const std::string& name) {
  RESGUARDO_TRY(auto query, database.prepare("SELECT value FROM facts WHERE name = ?"));
  RESGUARDO_TRY(auto rows, query.query(std::string_view(name)));
  RESGUARDO_TRY(const bool found, rows.next());
  if (!found) return std::optional<Bytes>();
  return std::optional(to_bytes(rows.bytes(0)));
}

Status put_fact(sqlcipher::Connection& database, const std::string& name, ByteView value) {
  RESGUARDO_TRY(auto put, database.prepare("INSERT INTO facts (name, value) VALUES (?, ?)"
                                           " ON CONFLICT (name) DO UPDATE SET"
                                           " value = excluded.value"));
  return put.run(std::string_view(name), value);
}

void put_day(Bytes& out, Day day) {
  for (unsigned shift = 0; shift < 32; shift += 8)
    out.push_back(static_cast<std::uint8_t>(static_cast<std::uint32_t>(day.number) >> shift));
}

Day day_in(ByteView bytes) {
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < 4; ++at)
    number |= static_cast<std::uint32_t>(bytes[at]) << (8 * at);
  return Day{static_cast<std::int32_t>(number)};
}

// Or of a receipt that took another's place, which may be forged.
bool is_withdrawal(ByteView entry) {
  const auto fact = parse_log_entry(entry);
  return fact.ok() &&
         (fact->kind == LogKind::kWithdrawal || fact->kind == LogKind::kConsentChange ||
          fact->kind == LogKind::kExpired || fact->replacement_token);
}

bool says_nothing(const Withdrawal& one) {
  const WithdrawalVerdict& verdict = one.verdict;
  return verdict.everything == WithdrawalStanding::kNone && verdict.purposes.empty() &&
         verdict.purposes_unsigned == WithdrawalStanding::kNone && !verdict.forged_replacement &&
         !one.seen && !one.settled;
}

bool waits(const WithdrawalVerdict& verdict) {
  return verdict.everything == WithdrawalStanding::kWaiting || !verdict.purposes_waiting.empty();
}

// What waited too long is what somebody says, and no more.
void stop_waiting(WithdrawalVerdict& verdict) {
  if (verdict.everything == WithdrawalStanding::kWaiting) {
    verdict.everything = WithdrawalStanding::kClaimed;
    verdict.said.reset();
  }
  if (verdict.purposes_waiting.empty()) return;
  verdict.purposes_waiting.clear();
  verdict.purposes_unsigned = std::max(verdict.purposes_unsigned, WithdrawalStanding::kClaimed);
}

}  // namespace

// A promise counts once its report is here, or a log has something of it.
Result<std::set<ReportId>> VaultWithdrawals::named() {
  std::set<ReportId> found;
  for (const StaticText sql :
       {StaticText("SELECT subject, entry FROM log_entries WHERE kind IN (2, 4, 5)"
                   " OR (kind = 6 AND origin IN (SELECT origin FROM log_entries"
                   "  WHERE position = 0 AND kind = 11))"),
        StaticText("SELECT subject, entry FROM log_promises AS p WHERE EXISTS"
                   " (SELECT 1 FROM log_entries AS e WHERE e.subject = p.subject)"
                   " OR EXISTS (SELECT 1 FROM reports AS r WHERE r.report = p.subject)")}) {
    RESGUARDO_TRY(auto query, vault_.state_->database.prepare(sql));
    RESGUARDO_TRY(auto rows, query.query());
    for (;;) {
      RESGUARDO_TRY(const bool more, rows.next());
      if (!more) break;
      const auto report = ReportId::from(rows.bytes(0));
      if (report && is_withdrawal(rows.bytes(1))) found.insert(*report);
    }
  }
  for (const std::string_view what : {kHold, kSettled, kPurposes}) {
    RESGUARDO_TRY(auto query, vault_.state_->database.prepare(
                                  "SELECT unhex(substr(name, length(?1) + 1)) FROM facts"
                                  " WHERE substr(name, 1, length(?1)) = ?1"));
    RESGUARDO_TRY(auto rows, query.query(what));
    for (;;) {
      RESGUARDO_TRY(const bool more, rows.next());
      if (!more) break;
      if (const auto report = ReportId::from(rows.bytes(0))) found.insert(*report);
    }
  }
  return found;
}

Result<std::optional<VaultWithdrawals::Kept>> VaultWithdrawals::kept(const ReportId& report) {
  RESGUARDO_TRY(const auto value, fact_named(vault_.state_->database, name_of(kHold, report)));
  if (!value) return std::optional<Kept>();
  const ByteView bytes = *value;
  if (bytes.size() < kKeptHead) return kBrokenHold;
  return std::optional(Kept{day_in(bytes), day_in(bytes.subspan(4)), bytes[8] != 0,
                            to_string(bytes.subspan(kKeptHead))});
}

Status VaultWithdrawals::keep(const ReportId& report, const Kept& kept) {
  Bytes value;
  put_day(value, kept.seen);
  put_day(value, kept.until);
  value.push_back(kept.erased ? 1 : 0);
  const auto reasons = as_bytes(kept.reasons);
  value.insert(value.end(), reasons.begin(), reasons.end());
  return put_fact(vault_.state_->database, name_of(kHold, report), value);
}

Result<std::set<std::string>> VaultWithdrawals::kept_purposes(const ReportId& report) {
  RESGUARDO_TRY(const auto value, fact_named(vault_.state_->database, name_of(kPurposes, report)));
  std::set<std::string> purposes;
  std::istringstream names(value ? to_string(*value) : "");
  for (std::string name; names >> name;) purposes.insert(name);
  return purposes;
}

Status VaultWithdrawals::keep_purposes(const Withdrawal& one) {
  RESGUARDO_TRY(const auto before, kept_purposes(one.report));
  if (before == one.verdict.purposes) return success();
  std::string names;
  for (const std::string& purpose : one.verdict.purposes) names += purpose + " ";
  return put_fact(vault_.state_->database, name_of(kPurposes, one.report), as_bytes(names));
}

Result<std::optional<Settlement>> VaultWithdrawals::settled(const ReportId& report) {
  RESGUARDO_TRY(const auto value, fact_named(vault_.state_->database, name_of(kSettled, report)));
  if (!value) return std::optional<Settlement>();
  constexpr std::size_t kSize = 4 + 1 + 1;
  const ByteView bytes = *value;
  if (bytes.size() != kSize || bytes[5] > static_cast<int>(WithdrawalStanding::kSigned))
    return kBrokenHold;
  return std::optional(
      Settlement{day_in(bytes), bytes[4] != 0, static_cast<WithdrawalStanding>(bytes[5])});
}

Status VaultWithdrawals::keep_settled(const ReportId& report, const Settlement& settlement) {
  Bytes value;
  put_day(value, settlement.day);
  value.push_back(settlement.erase ? 1 : 0);
  value.push_back(static_cast<std::uint8_t>(settlement.standing));
  return put_fact(vault_.state_->database, name_of(kSettled, report), value);
}

Result<std::optional<VaultWithdrawals::Waited>> VaultWithdrawals::waited(const ReportId& report) {
  RESGUARDO_TRY(const auto value, fact_named(vault_.state_->database, name_of(kWaiting, report)));
  if (!value) return std::optional<Waited>();
  const ByteView bytes = *value;
  if (bytes.size() != 4 + 1) return kBrokenHold;
  return std::optional(Waited{day_in(bytes), bytes[4] != 0});
}

// From the day on which it was first seen; that it is over is kept, so that no later bundle makes
// it begin anew.
Status VaultWithdrawals::bound_waiting(const ReportId& report, Day today) {
  RESGUARDO_TRY(const auto before, waited(report));
  const Waited now = before.value_or(Waited{today, false});
  const bool over = today.number >= now.since.number + kMostWaitingDays;
  if (before && over == before->over) return success();
  Bytes value;
  put_day(value, now.since);
  value.push_back(over ? 1 : 0);
  return put_fact(vault_.state_->database, name_of(kWaiting, report), value);
}

Result<VaultWithdrawals::LogDays> VaultWithdrawals::log_days() {
  LogDays days;
  RESGUARDO_TRY(const auto logs, VaultLog(vault_).all());
  for (const KeptCheckpoint& log : logs) days.checkpoints.emplace(log.origin, log.day);
  RESGUARDO_TRY(auto query, vault_.state_->database.prepare("SELECT origin, entry FROM log_entries"
                                                            " WHERE position = 0 AND kind = ?"));
  RESGUARDO_TRY(auto rows, query.query(static_cast<int>(LogKind::kRestart)));
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return days;
    RESGUARDO_TRY(const auto fact, parse_log_entry(rows.bytes(1)));
    days.restarts.emplace(rows.text(0), fact.day);
  }
}

Result<Withdrawal> VaultWithdrawals::one(const ReportId& report, const LogDays& logs) {
  RESGUARDO_TRY(const auto entries, VaultLog(vault_).about(report.view()));
  Withdrawal one;
  one.report = report;
  one.verdict = judge_withdrawals(entries);
  if (one.verdict.everything == WithdrawalStanding::kNone && ended_unsaid(entries, logs.restarts))
    one.verdict.everything = WithdrawalStanding::kUnsaid;
  for (const VaultLog::Entry& entry : entries)
    if (const auto log = logs.checkpoints.find(entry.origin);
        entry.position && log != logs.checkpoints.end())
      one.logged = std::max(one.logged.value_or(log->second), log->second);
  RESGUARDO_TRY(const auto segments, vault_.segments(report));
  one.here = !segments.empty();
  RESGUARDO_TRY(const auto days, kept(report));
  if (days) {
    one.seen = days->seen;
    one.until = days->until;
    one.erased = days->erased && !one.here;
    one.reasons = days->reasons;
  }
  RESGUARDO_TRY(one.settled, settled(report));
  RESGUARDO_TRY(const auto since, waited(report));
  if (since && since->over) stop_waiting(one.verdict);
  one.erased = one.erased || (one.settled_to_go() && !one.here);
  RESGUARDO_TRY(const auto purposes, kept_purposes(report));
  one.verdict.purposes.insert(purposes.begin(), purposes.end());
  return one;
}

Result<std::vector<Withdrawal>> VaultWithdrawals::all() {
  RESGUARDO_TRY(const auto reports, named());
  RESGUARDO_TRY(const LogDays days, log_days());
  std::vector<Withdrawal> result;
  for (const ReportId& report : reports) {
    RESGUARDO_TRY(auto found, one(report, days));
    if (!says_nothing(found)) result.push_back(std::move(found));
  }
  return result;
}

// Days of the logs say what is told of it, and not whether it is locked.
Result<bool> VaultWithdrawals::locked(const ReportId& report) {
  RESGUARDO_TRY(const auto found, one(report, {}));
  return found.locked();
}

Result<std::vector<Withdrawal>> VaultWithdrawals::note_new(Day today) {
  RESGUARDO_TRY(const auto known, all());
  std::vector<Withdrawal> fresh;
  for (Withdrawal one : known) {
    RESGUARDO_CHECK(keep_purposes(one));
    if (waits(one.verdict)) RESGUARDO_CHECK(bound_waiting(one.report, today));
    if (!one.is_signed() || one.seen) continue;
    one.seen = std::max(today, one.logged.value_or(today));
    one.until = Day{one.seen->number + kWithdrawalHoldDays};
    RESGUARDO_CHECK(keep(one.report, {*one.seen, *one.until, false, ""}));
    fresh.push_back(std::move(one));
  }
  return fresh;
}

}  // namespace resguardo::analyst
