// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_log.h"

#include <algorithm>
#include <utility>

#include "analyst/vault/vault_state.h"
#include "crypto/log/log_entry.h"

namespace resguardo::analyst {
namespace {

KeptCheckpoint checkpoint_row(const sqlcipher::Rows& rows) {
  return {std::string(rows.text(0)), static_cast<std::uint64_t>(rows.integer(1)),
          Day{static_cast<std::int32_t>(rows.integer(2))}, to_bytes(rows.bytes(3)),
          std::string(rows.text(4))};
}

Error gap() {
  return {Fault::kMalformed, "an entry of a log is missing in the vault"};
}

Status add_entries(sqlcipher::Statement& find, ByteView subject,
                   std::vector<VaultLog::Entry>& entries) {
  RESGUARDO_TRY(auto rows, find.query(subject));
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return success();
    const auto position =
        rows.is_null(1) ? std::nullopt : std::optional(static_cast<std::uint64_t>(rows.integer(1)));
    entries.push_back({std::string(rows.text(0)), position, to_bytes(rows.bytes(2))});
  }
}

void put_in_order(std::vector<VaultLog::Entry>& entries) {
  std::ranges::sort(entries, {}, [](const VaultLog::Entry& entry) {
    return std::pair(entry.position, std::string_view(entry.origin));
  });
}

// Of all entries, in order of their keys.
Status pick_entries(sqlcipher::Statement& all, const std::set<ReportId>& reports,
                    VaultLog::About& about) {
  RESGUARDO_TRY(auto rows, all.query());
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return success();
    const auto report = ReportId::from(rows.bytes(3));
    if (!report || !reports.contains(*report)) continue;
    const auto position =
        rows.is_null(1) ? std::nullopt : std::optional(static_cast<std::uint64_t>(rows.integer(1)));
    about[*report].push_back({std::string(rows.text(0)), position, to_bytes(rows.bytes(2))});
  }
}

}  // namespace

VaultLog::VaultLog(Vault& vault) : vault_(vault) {}

Result<std::optional<KeptCheckpoint>> VaultLog::kept(std::string_view origin) {
  RESGUARDO_TRY(const auto logs, all());
  for (const KeptCheckpoint& log : logs)
    if (log.origin == origin) return std::optional(log);
  return std::optional<KeptCheckpoint>();
}

Result<std::vector<KeptCheckpoint>> VaultLog::all() {
  RESGUARDO_TRY(auto query, vault_.state_->database.prepare(
                                "SELECT origin, size, day, tree, note FROM logs ORDER BY origin"));
  RESGUARDO_TRY(auto rows, query.query());
  std::vector<KeptCheckpoint> logs;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return logs;
    logs.push_back(checkpoint_row(rows));
  }
}

Result<std::optional<Digest>> VaultLog::leaf(std::string_view origin, std::uint64_t position) {
  RESGUARDO_TRY(auto query, vault_.state_->database.prepare("SELECT leaf FROM log_entries"
                                                            " WHERE origin = ? AND position = ?"));
  RESGUARDO_TRY(auto rows, query.query(origin, position));
  RESGUARDO_TRY(const bool found, rows.next());
  if (!found) return std::optional<Digest>();
  RESGUARDO_TRY(const auto leaf, id_column<Digest>(rows, 0));
  return std::optional(leaf);
}

Result<std::optional<std::uint64_t>> VaultLog::position_of(std::string_view origin,
                                                           const Digest& leaf) {
  RESGUARDO_TRY(auto query, vault_.state_->database.prepare("SELECT position FROM log_entries"
                                                            " WHERE origin = ? AND leaf = ?"));
  RESGUARDO_TRY(auto rows, query.query(origin, leaf));
  RESGUARDO_TRY(const bool found, rows.next());
  if (!found) return std::optional<std::uint64_t>();
  return std::optional(static_cast<std::uint64_t>(rows.integer(0)));
}

Status VaultLog::leaves(std::string_view origin, std::uint64_t to, const Visitor& visit) {
  RESGUARDO_TRY(auto query, vault_.state_->database.prepare(
                                "SELECT position, leaf FROM log_entries"
                                " WHERE origin = ? AND position < ? ORDER BY position"));
  RESGUARDO_TRY(auto rows, query.query(origin, to));
  for (std::uint64_t next = 0; next < to; ++next) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more || static_cast<std::uint64_t>(rows.integer(0)) != next) return gap();
    RESGUARDO_TRY(const auto leaf, id_column<Digest>(rows, 1));
    RESGUARDO_CHECK(visit(next, leaf));
  }
  return success();
}

// Two questions, for together they would be a sorter's work for each report of an import.
Result<std::vector<VaultLog::Entry>> VaultLog::about(ByteView subject) {
  auto& database = vault_.state_->database;
  std::vector<Entry> entries;
  RESGUARDO_TRY(auto placed, database.prepare("SELECT origin, position, entry FROM log_entries"
                                              " WHERE subject = ?"));
  RESGUARDO_CHECK(add_entries(placed, subject, entries));
  put_in_order(entries);
  RESGUARDO_TRY(auto promised, database.prepare("SELECT origin, NULL, entry FROM log_promises"
                                                " WHERE subject = ? ORDER BY origin, leaf"));
  RESGUARDO_CHECK(add_entries(promised, subject, entries));
  return entries;
}

Result<VaultLog::About> VaultLog::about_all(const std::set<ReportId>& reports) {
  constexpr std::size_t kReadAtOnce = 32;  // entries, in the time of a question or two to a tree
  auto& database = vault_.state_->database;
  RESGUARDO_TRY(const auto all, database.number("SELECT (SELECT count(*) FROM log_promises)"
                                                " + coalesce(sum(size), 0) FROM logs"));
  About about;
  if (static_cast<std::uint64_t>(all) / kReadAtOnce > reports.size()) {
    for (const ReportId& report : reports) {
      RESGUARDO_TRY(about[report], this->about(report.view()));
    }
    return about;
  }
  RESGUARDO_TRY(auto placed, database.prepare("SELECT origin, position, entry, subject"
                                              " FROM log_entries ORDER BY origin, position"));
  RESGUARDO_CHECK(pick_entries(placed, reports, about));
  for (auto& [report, entries] : about) put_in_order(entries);
  RESGUARDO_TRY(auto promised, database.prepare("SELECT origin, NULL, entry, subject"
                                                " FROM log_promises ORDER BY origin, leaf"));
  RESGUARDO_CHECK(pick_entries(promised, reports, about));
  return about;
}

Result<std::vector<LogPromise>> VaultLog::promises(std::string_view origin) {
  RESGUARDO_TRY(auto query, vault_.state_->database.prepare(
                                "SELECT leaf, day, entry FROM log_promises WHERE origin = ?"
                                " ORDER BY day, leaf"));
  RESGUARDO_TRY(auto rows, query.query(origin));
  std::vector<LogPromise> promises;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return promises;
    RESGUARDO_TRY(const auto leaf, id_column<Digest>(rows, 0));
    promises.push_back(
        {leaf, Day{static_cast<std::int32_t>(rows.integer(1))}, to_bytes(rows.bytes(2))});
  }
}

}  // namespace resguardo::analyst
