// SPDX-License-Identifier: AGPL-3.0-or-later
// What `key retire` asks of the log.
#include <algorithm>

#include "analyst/vault/log_verdict.h"
#include "analyst/vault/vault_log.h"
#include "analyst/vault/vault_state.h"

namespace resguardo::analyst {
namespace {

// As the log says, and whatever of it these keys open was opened to its end.
Result<bool> is_whole(Vault& vault, VaultLog& log, const ReportId& report) {
  RESGUARDO_TRY(const auto entries, log.about(report.view()));
  std::vector<LogFact> facts;
  for (const auto& entry : entries)
    if (auto fact = parse_log_entry(entry.entry); fact.ok() && entry.position)
      facts.push_back(std::move(fact).value());
  const auto over = [](const LogFact& fact) {
    return fact.kind == LogKind::kWithdrawal || fact.kind == LogKind::kExpired;
  };
  if (std::ranges::any_of(facts, over)) return true;
  RESGUARDO_TRY(const auto chains, vault.chains(report));
  if (chains.empty() || check_log(facts, chains).verdict != LogVerdict::kFits) return false;
  RESGUARDO_TRY(const auto segments, vault.segments(report));
  return std::ranges::all_of(
      segments, [](const StoredSegment& segment) { return segment.opened >= segment.rows; });
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

Result<std::vector<ReportId>> VaultLog::missing(std::string_view origin, std::uint64_t position) {
  std::vector<ReportId> named;
  {
    RESGUARDO_TRY(auto query, vault_.state_->database.prepare(
                                  "SELECT DISTINCT subject FROM log_entries"
                                  " WHERE origin = ? AND position < ? AND kind IN (1, 2, 3)"
                                  " ORDER BY subject"));
    RESGUARDO_TRY(auto rows, query.query(origin, position));
    for (;;) {
      RESGUARDO_TRY(const bool more, rows.next());
      if (!more) break;
      RESGUARDO_TRY(const auto id, id_column<ReportId>(rows, 0));
      named.push_back(id);
    }
  }
  std::vector<ReportId> missing;
  for (const ReportId& report : named) {
    RESGUARDO_TRY(const bool whole, is_whole(vault_, *this, report));
    if (!whole) missing.push_back(report);
  }
  return missing;
}

}  // namespace resguardo::analyst
