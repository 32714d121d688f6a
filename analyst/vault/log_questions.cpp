// SPDX-License-Identifier: AGPL-3.0-or-later
// What `key retire` asks of the log.
#include <algorithm>

#include "analyst/vault/log_verdict.h"
#include "analyst/vault/vault_log.h"
#include "analyst/vault/vault_state.h"
#include "analyst/vault/vault_withdrawals.h"
#include "analyst/vault/withdrawal_judge.h"

namespace resguardo::analyst {
namespace {

enum class Standing : std::uint8_t { kMissing, kHere, kOver };

// Whether it came as the log says; or is no more.
Result<Standing> standing_of(Vault& vault, VaultLog& log, const ReportId& report) {
  RESGUARDO_TRY(const auto entries, log.about(report.view()));
  std::vector<LogFact> facts;
  for (const auto& entry : entries)
    if (auto fact = parse_log_entry(entry.entry); fact.ok() && entry.position)
      facts.push_back(std::move(fact).value());
  // A withdrawal that is merely claimed is none: its bundle may still come. Nobody can verify
  // EXPIRED.
  if (judge_withdrawals(entries).everything == WithdrawalStanding::kSigned) return Standing::kOver;
  RESGUARDO_TRY(const auto settled, VaultWithdrawals(vault).settled(report));
  if (settled && settled->erase) return Standing::kOver;
  if (std::ranges::find(facts, LogKind::kExpired, &LogFact::kind) != facts.end())
    return Standing::kOver;
  RESGUARDO_TRY(const auto parts, vault.sealed_parts(report));
  const LogFinding found = check_log(facts, parts);
  const bool here = !parts.empty() && found.verdict == LogVerdict::kFits &&
                    found.addenda_absent + found.unread == 0;
  return here ? Standing::kHere : Standing::kMissing;
}

// Whatever of it somebody's keys open was opened to its end.
Result<bool> is_open(Vault& vault, const ReportId& report) {
  RESGUARDO_TRY(const auto segments, vault.segments(report));
  return std::ranges::all_of(
      segments, [](const StoredSegment& segment) { return segment.opened >= segment.rows; });
}

Result<std::vector<ReportId>> reports_of(sqlcipher::Rows rows) {
  std::vector<ReportId> reports;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return reports;
    RESGUARDO_TRY(const auto id, id_column<ReportId>(rows, 0));
    reports.push_back(id);
  }
}

}  // namespace

Result<std::vector<ClosedWeek>> VaultLog::closed(Week week) {
  RESGUARDO_TRY(
      auto query,
      vault_.state_->database.prepare(
          "SELECT l.origin, e.position, l.size, l.day FROM log_entries AS e JOIN logs AS l"
          " ON l.origin = e.origin WHERE e.kind = ? AND e.week = ?"
          " AND e.position < l.size ORDER BY l.origin, e.position"));
  const std::string text = to_string(week);
  RESGUARDO_TRY(auto rows,
                query.query(static_cast<int>(LogKind::kEpochClosed), std::string_view(text)));
  std::vector<ClosedWeek> closed;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return closed;
    closed.push_back({std::string(rows.text(0)), static_cast<std::uint64_t>(rows.integer(1)),
                      static_cast<std::uint64_t>(rows.integer(2)),
                      Day{static_cast<std::int32_t>(rows.integer(3))}});
  }
}

Result<std::vector<ReportId>> VaultLog::named_reports(std::string_view origin,
                                                      std::uint64_t position) {
  RESGUARDO_TRY(auto query, vault_.state_->database.prepare(
                                "SELECT DISTINCT subject FROM log_entries"
                                " WHERE origin = ? AND position < ? AND kind IN (1, 2, 3)"
                                " ORDER BY subject"));
  RESGUARDO_TRY(auto rows, query.query(origin, position));
  return reports_of(std::move(rows));
}

Result<std::vector<ReportId>> VaultLog::missing(std::string_view origin, std::uint64_t position) {
  RESGUARDO_TRY(const auto named, named_reports(origin, position));
  std::vector<ReportId> missing;
  for (const ReportId& report : named) {
    RESGUARDO_TRY(const Standing standing, standing_of(vault_, *this, report));
    RESGUARDO_TRY(const bool open, is_open(vault_, report));
    if (standing == Standing::kMissing || (standing == Standing::kHere && !open))
      missing.push_back(report);
  }
  return missing;
}

Result<std::vector<ReportId>> VaultLog::missing(std::string_view origin, std::uint64_t position,
                                                const VaultReader& reader) {
  RESGUARDO_TRY(const auto named, named_reports(origin, position));
  std::vector<ReportId> missing;
  for (const ReportId& report : named) {
    RESGUARDO_TRY(const Standing standing, standing_of(vault_, *this, report));
    RESGUARDO_TRY(const bool closed, yet_to_open(report, reader));
    if (standing == Standing::kMissing || (standing == Standing::kHere && closed))
      missing.push_back(report);
  }
  return missing;
}

Result<bool> VaultLog::yet_to_open(const ReportId& report, const VaultReader& reader) {
  RESGUARDO_TRY(auto query,
                vault_.state_->database.prepare(
                    "SELECT week FROM (SELECT digest, rows, week FROM segments WHERE report = ?1"
                    "  UNION SELECT digest, 0, week FROM foreign_segments WHERE report = ?1) AS s"
                    " WHERE NOT EXISTS (SELECT 1 FROM openings AS o"
                    "  WHERE o.segment = s.digest AND o.member = ?2 AND o.rows >= s.rows)"
                    " AND NOT EXISTS (SELECT 1 FROM foreign_segments AS f"
                    "  WHERE f.digest = s.digest AND f.member = ?2 AND f.named = 0)"));
  RESGUARDO_TRY(auto rows, query.query(report, reader.member));
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return false;
    if (reader.has_key(Week{static_cast<std::int32_t>(rows.integer(0))})) return true;
  }
}

Result<std::vector<ReportId>> VaultLog::unread(Week week, const VaultReader& reader) {
  RESGUARDO_TRY(auto query, vault_.state_->database.prepare(
                                "SELECT report FROM segments WHERE week = ?1 UNION"
                                " SELECT report FROM foreign_segments WHERE week = ?1 ORDER BY 1"));
  RESGUARDO_TRY(auto rows, query.query(week.number));
  RESGUARDO_TRY(const auto reports, reports_of(std::move(rows)));
  const VaultReader of_week{reader.member,
                            [&](Week one) { return one == week && reader.has_key(one); }};
  std::vector<ReportId> unread;
  for (const ReportId& report : reports) {
    RESGUARDO_TRY(const bool closed, yet_to_open(report, of_week));
    if (closed) unread.push_back(report);
  }
  return unread;
}

Result<std::vector<std::string>> VaultLog::origins() {
  RESGUARDO_TRY(auto query, vault_.state_->database.prepare(
                                "SELECT DISTINCT origin FROM bundles ORDER BY origin"));
  RESGUARDO_TRY(auto rows, query.query());
  std::vector<std::string> origins;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return origins;
    origins.emplace_back(rows.text(0));
  }
}

}  // namespace resguardo::analyst
