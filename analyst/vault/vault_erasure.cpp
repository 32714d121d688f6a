// SPDX-License-Identifier: AGPL-3.0-or-later
// What a vault takes out when a withdrawal is due.
#include "analyst/vault/vault_search.h"
#include "analyst/vault/vault_state.h"
#include "analyst/vault/vault_withdrawals.h"
#include "crypto/open/quorum_files.h"

namespace resguardo::analyst {
namespace {

// Files first: the report's records and addenda name them. One that another report may have too
// stays, sealed as it came: an addendum's index is 31 bits, which a writer chooses.
constexpr StaticText kFilesOfReport =
    "CREATE TEMP TABLE files_to_erase AS"
    " SELECT m.media AS media FROM media AS m WHERE"
    " (EXISTS (SELECT 1 FROM segments AS s WHERE s.report = ?1 AND s.position = m.addendum)"
    "  OR EXISTS (SELECT 1 FROM foreign_segments AS f WHERE f.report = ?1"
    "   AND f.position = m.addendum)"
    "  OR EXISTS (SELECT 1 FROM media_records AS r JOIN segments AS s ON s.digest = r.segment"
    "   WHERE r.media = m.media AND s.report = ?1))"
    " AND NOT EXISTS (SELECT 1 FROM segments AS s WHERE s.report <> ?1"
    "  AND s.position = m.addendum)"
    " AND NOT EXISTS (SELECT 1 FROM foreign_segments AS f WHERE f.report <> ?1"
    "  AND f.position = m.addendum)"
    " AND NOT EXISTS (SELECT 1 FROM media_records AS r JOIN segments AS s ON s.digest = r.segment"
    "  WHERE r.media = m.media AND s.report <> ?1)";

constexpr StaticText kTakeOut[] = {
    "DELETE FROM media_chunks WHERE media IN (SELECT media FROM temp.files_to_erase)",
    "DELETE FROM media WHERE media IN (SELECT media FROM temp.files_to_erase)"};

constexpr StaticText kTakeOutOfReport[] = {
    // Looked at with a key that goes now: another's record may open it.
    "UPDATE media SET state = 0, segment = NULL, ciphertext = NULL WHERE segment IN"
    " (SELECT digest FROM segments WHERE report = ?)",
    "DELETE FROM media_records WHERE segment IN (SELECT digest FROM segments WHERE report = ?)",
    "DELETE FROM quorum_shares WHERE segment IN (SELECT digest FROM segments WHERE report = ?)",
    "DELETE FROM quorum_keys WHERE segment IN (SELECT digest FROM segments WHERE report = ?)",
    "DELETE FROM openings WHERE segment IN (SELECT digest FROM segments WHERE report = ?)",
    "DELETE FROM packs WHERE segment IN (SELECT number FROM segments WHERE report = ?)",
    "DELETE FROM decisions WHERE report = ?1 OR other = ?1",
    "DELETE FROM work_files WHERE report = ?",
    "DELETE FROM released WHERE report = ?",
    "DELETE FROM segments WHERE report = ?",
    "DELETE FROM pair_decisions WHERE ? IN (report, other_report)",
    "DELETE FROM foreign_segments WHERE report = ?",
    "DELETE FROM reports WHERE report = ?"};

// Requests name their report, its segments and a reason. One that cannot be read is nobody's.
Status forget_requests(sqlcipher::Connection& database, const ReportId& report) {
  std::vector<Digest> named;
  {
    RESGUARDO_TRY(auto all, database.prepare("SELECT digest, request FROM quorum_requests"));
    RESGUARDO_TRY(auto rows, all.query());
    for (;;) {
      RESGUARDO_TRY(const bool more, rows.next());
      if (!more) break;
      const auto request = open::read_request(as_bytes(rows.text(1)));
      if (request.ok() && request->content.report != report) continue;
      RESGUARDO_TRY(const auto digest, id_column<Digest>(rows, 0));
      named.push_back(digest);
    }
  }
  RESGUARDO_TRY(auto forget, database.prepare("DELETE FROM quorum_requests WHERE digest = ?"));
  for (const Digest& digest : named) RESGUARDO_CHECK(forget.run(digest));
  return success();
}

}  // namespace

Status VaultWithdrawals::erase(const ReportId& report, const Noted& noted) {
  auto& database = vault_.state_->database;
  RESGUARDO_TRY(auto transaction, sqlcipher::Transaction::begin(database));
  const auto run = [&](StaticText sql) -> Status {
    RESGUARDO_TRY(auto statement, database.prepare(sql));
    return statement.run(report);
  };
  RESGUARDO_CHECK(database.execute("DROP TABLE IF EXISTS temp.files_to_erase"));
  RESGUARDO_CHECK(run(kFilesOfReport));
  for (const StaticText sql : kTakeOut) RESGUARDO_CHECK(database.execute(sql));
  RESGUARDO_CHECK(VaultSearch(vault_).forget(report));
  for (const StaticText sql : kTakeOutOfReport) RESGUARDO_CHECK(run(sql));
  RESGUARDO_CHECK(forget_requests(database, report));
  RESGUARDO_CHECK(database.execute("DROP TABLE temp.files_to_erase"));
  if (noted) RESGUARDO_CHECK(noted(report));
  return transaction.commit();
}

Result<std::vector<ReportId>> VaultWithdrawals::erase_due(Day today, const Noted& noted) {
  RESGUARDO_TRY(const auto known, all());
  std::vector<ReportId> erased;
  for (const Withdrawal& one : known) {
    const bool held_out = one.is_signed() && one.seen && one.until && *one.until <= today;
    if (!one.here || (!held_out && !one.settled_to_go())) continue;
    RESGUARDO_CHECK(erase(one.report, noted));
    if (one.seen && one.until)
      RESGUARDO_CHECK(keep(one.report, {*one.seen, *one.until, true, one.reasons}));
    erased.push_back(one.report);
  }
  RESGUARDO_CHECK(VaultSearch(vault_).tidy());
  // What was overwritten in its pages is still in the WAL, also from a call before this one, which
  // a reader was in the way of; the next call tries again.
  static_cast<void>(vault_.state_->database.truncate_wal_unless_read().ok());
  return erased;
}

}  // namespace resguardo::analyst
