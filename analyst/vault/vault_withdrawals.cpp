// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_withdrawals.h"

#include <algorithm>
#include <set>

#include "analyst/vault/vault_state.h"
#include "crypto/log/log_entry.h"

namespace resguardo::analyst {
namespace {

constexpr Error kBrokenHold = {Fault::kMalformed, "what the vault kept of a withdrawal is damaged"};
constexpr std::size_t kKeptHead = 4 + 4 + 1;

std::string hold_name(const ReportId& report) {
  return "withdrawal/" + to_hex(report.view());
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

bool is_withdrawal(ByteView entry) {
  const auto fact = parse_log_entry(entry);
  return fact.ok() && (fact->kind == LogKind::kWithdrawal || fact->kind == LogKind::kConsentChange);
}

// Files first: what their records say names them. Tables of a later version may not be here.
constexpr StaticText kTakeOut[] = {
    "DELETE FROM media_chunks WHERE media IN (SELECT media FROM report_media WHERE report = ?)",
    "DELETE FROM media WHERE media IN (SELECT media FROM report_media WHERE report = ?)",
    "DELETE FROM media_records WHERE segment IN (SELECT digest FROM segments WHERE report = ?)",
    "DELETE FROM openings WHERE segment IN (SELECT digest FROM segments WHERE report = ?)",
    "DELETE FROM records WHERE segment IN (SELECT digest FROM segments WHERE report = ?)",
    "DELETE FROM sealed_rows WHERE segment IN (SELECT digest FROM segments WHERE report = ?)",
    "DELETE FROM segments WHERE report = ?",
    "DELETE FROM foreign_segments WHERE report = ?",
    "DELETE FROM reports WHERE report = ?"};

}  // namespace

Result<std::vector<ReportId>> VaultWithdrawals::named() {
  std::set<ReportId> found;
  for (const StaticText sql : {StaticText("SELECT subject, entry FROM log_entries"
                                          " WHERE kind IN (4, 5)"),
                               StaticText("SELECT subject, entry FROM log_promises")}) {
    RESGUARDO_TRY(auto query, vault_.state_->database.prepare(sql));
    RESGUARDO_TRY(auto rows, query.query());
    for (;;) {
      RESGUARDO_TRY(const bool more, rows.next());
      if (!more) break;
      const auto report = ReportId::from(rows.bytes(0));
      if (report && is_withdrawal(rows.bytes(1))) found.insert(*report);
    }
  }
  return std::vector<ReportId>(found.begin(), found.end());
}

Result<std::optional<VaultWithdrawals::Kept>> VaultWithdrawals::kept(const ReportId& report) {
  RESGUARDO_TRY(auto query,
                vault_.state_->database.prepare("SELECT value FROM facts WHERE name = ?"));
  const std::string name = hold_name(report);
  RESGUARDO_TRY(auto rows, query.query(std::string_view(name)));
  RESGUARDO_TRY(const bool found, rows.next());
  if (!found) return std::optional<Kept>();
  const ByteView value = rows.bytes(0);
  if (value.size() < kKeptHead) return kBrokenHold;
  return std::optional(Kept{day_in(value), day_in(value.subspan(4)), value[8] != 0,
                            to_string(value.subspan(kKeptHead))});
}

Status VaultWithdrawals::keep(const ReportId& report, const Kept& kept) {
  Bytes value;
  put_day(value, kept.seen);
  put_day(value, kept.until);
  value.push_back(kept.erased ? 1 : 0);
  const auto reasons = as_bytes(kept.reasons);
  value.insert(value.end(), reasons.begin(), reasons.end());
  RESGUARDO_TRY(auto put, vault_.state_->database.prepare(
                              "INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name)"
                              " DO UPDATE SET value = excluded.value"));
  const std::string name = hold_name(report);
  return put.run(std::string_view(name), value);
}

Result<std::vector<Withdrawal>> VaultWithdrawals::all() {
  RESGUARDO_TRY(const auto reports, named());
  VaultLog log(vault_);
  std::vector<Withdrawal> result;
  for (const ReportId& report : reports) {
    RESGUARDO_TRY(const auto entries, log.about(report.view()));
    Withdrawal one;
    one.report = report;
    one.verdict = judge_withdrawals(entries);
    RESGUARDO_TRY(const auto segments, vault_.segments(report));
    one.here = !segments.empty();
    RESGUARDO_TRY(const auto days, kept(report));
    if (days) {
      one.seen = days->seen;
      one.until = days->until;
      one.erased = days->erased && !one.here;
      one.reasons = days->reasons;
    }
    result.push_back(std::move(one));
  }
  return result;
}

Result<std::vector<Withdrawal>> VaultWithdrawals::note_new(Day today) {
  RESGUARDO_TRY(const auto known, all());
  std::vector<Withdrawal> fresh;
  for (Withdrawal one : known) {
    if (!one.locked() || one.seen) continue;
    one.seen = today;
    one.until = Day{today.number + kWithdrawalHoldDays};
    RESGUARDO_CHECK(keep(one.report, {*one.seen, *one.until, false, ""}));
    fresh.push_back(std::move(one));
  }
  return fresh;
}

Result<Day> VaultWithdrawals::hold(const ReportId& report, Day until, std::string_view reason,
                                   Day today) {
  RESGUARDO_TRY(const auto known, all());
  const auto one = std::ranges::find(known, report, &Withdrawal::report);
  if (one == known.end() || !one->locked())
    return Error{Fault::kNotFound, "no signed withdrawal of this report is here"};
  if (one->erased) return Error{Fault::kConflict, "it is erased already"};
  RESGUARDO_TRY(auto days, kept(report));
  if (!days) days = Kept{today, Day{today.number + kWithdrawalHoldDays}, false, ""};
  if (until <= days->until || until.number > today.number + kMostHoldDays)
    return Error{Fault::kRefused, "a hold ends later than before, and within 366 days from now"};
  if (reason.empty() || reason.size() > kMostHoldReason ||
      reason.find('\n') != std::string_view::npos)
    return Error{Fault::kRefused, "a hold has a reason, of one line and at most 1,000 bytes"};
  days->until = until;
  days->reasons +=
      to_string(today) + " until " + to_string(until) + ": " + std::string(reason) + "\n";
  RESGUARDO_CHECK(keep(report, *days));
  return until;
}

Status VaultWithdrawals::erase(const ReportId& report) {
  auto& database = vault_.state_->database;
  RESGUARDO_TRY(const auto quorum, database.number("SELECT count(*) FROM sqlite_master WHERE name"
                                                   " IN ('quorum_shares', 'quorum_keys')"));
  RESGUARDO_TRY(auto transaction, sqlcipher::Transaction::begin(database));
  RESGUARDO_CHECK(
      database.execute("CREATE TEMP VIEW report_media AS"
                       " SELECT s.report AS report, r.media AS media FROM media_records AS r"
                       "  JOIN segments AS s ON s.digest = r.segment"
                       " UNION SELECT s.report, m.media FROM media AS m JOIN segments AS s"
                       "  ON s.position = m.addendum WHERE s.position >= 2147483648"
                       " UNION SELECT f.report, m.media FROM media AS m JOIN foreign_segments AS f"
                       "  ON f.position = m.addendum WHERE f.position >= 2147483648"));
  const auto run = [&](StaticText sql) -> Status {
    RESGUARDO_TRY(auto statement, database.prepare(sql));
    return statement.run(report);
  };
  if (quorum == 2) {
    RESGUARDO_CHECK(
        run("DELETE FROM quorum_shares WHERE segment IN"
            " (SELECT digest FROM segments WHERE report = ?)"));
    RESGUARDO_CHECK(
        run("DELETE FROM quorum_keys WHERE segment IN"
            " (SELECT digest FROM segments WHERE report = ?)"));
  }
  for (const StaticText sql : kTakeOut) RESGUARDO_CHECK(run(sql));
  RESGUARDO_CHECK(database.execute("DROP VIEW temp.report_media"));
  return transaction.commit();
}

Result<std::vector<ReportId>> VaultWithdrawals::erase_due(Day today) {
  RESGUARDO_TRY(const auto known, all());
  std::vector<ReportId> erased;
  for (const Withdrawal& one : known) {
    if (!one.locked() || !one.seen || !one.until || today < *one.until || !one.here) continue;
    RESGUARDO_CHECK(erase(one.report));
    RESGUARDO_CHECK(keep(one.report, {*one.seen, *one.until, true, one.reasons}));
    erased.push_back(one.report);
  }
  // What was overwritten in its pages is still in the WAL; a reader in the way: the next time.
  if (!erased.empty()) static_cast<void>(vault_.state_->database.truncate_wal_unless_read().ok());
  return erased;
}

}  // namespace resguardo::analyst
