// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_pairs.h"

#include "analyst/vault/vault_state.h"

namespace resguardo::analyst {
namespace {

Result<IncidentKey> key_at(const sqlcipher::Rows& rows, int column) {
  RESGUARDO_TRY(const auto report, id_column<ReportId>(rows, column));
  return IncidentKey{report, static_cast<std::uint32_t>(rows.integer(column + 1))};
}

Result<PairDecision> decision_at(const sqlcipher::Rows& rows) {
  PairDecision decision;
  RESGUARDO_TRY(decision.pair.a, key_at(rows, 0));
  RESGUARDO_TRY(decision.pair.b, key_at(rows, 2));
  decision.pair.outcome = static_cast<PairOutcome>(rows.integer(4));
  if (outcome_code(decision.pair.outcome).empty())
    return Error{Fault::kMalformed, "the vault holds a decision of another kind"};
  decision.member = MemberId::from(rows.bytes(5));
  decision.time = TimePoint{std::chrono::milliseconds(rows.integer(6))};
  decision.reason = rows.text(7);
  return decision;
}

Result<std::vector<PairDecision>> all_of(sqlcipher::Rows& rows) {
  std::vector<PairDecision> all;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return all;
    RESGUARDO_TRY(auto decision, decision_at(rows));
    all.push_back(std::move(decision));
  }
}

}  // namespace

Status VaultPairs::decide(const PairDecision& decision) {
  const DecidedPair& pair = decision.pair;
  if (pair.a.report == pair.b.report || !(pair.a < pair.b))
    return Error{Fault::kRefused, "two incidents of two reports are compared"};
  auto& database = vault_.state_->database;
  RESGUARDO_TRY(auto find, database.prepare("SELECT count(*) FROM reports WHERE report IN (?, ?)"));
  {
    RESGUARDO_TRY(auto rows, find.query(pair.a.report, pair.b.report));
    RESGUARDO_TRY(const bool there, rows.next());
    if (!there || rows.integer(0) != 2)
      return Error{Fault::kNotFound, "there is no such report here"};
  }
  RESGUARDO_TRY(auto put,
                database.prepare("INSERT INTO pair_decisions (report, incident, other_report,"
                                 " other_incident, outcome, member, time_ms, reason)"
                                 " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
  return put.run(pair.a.report, pair.a.number, pair.b.report, pair.b.number,
                 static_cast<std::int64_t>(pair.outcome), decision.member,
                 milliseconds(decision.time), decision.reason);
}

Result<std::vector<PairDecision>> VaultPairs::standing() {
  RESGUARDO_TRY(auto find, vault_.state_->database.prepare(
                               "SELECT report, incident, other_report, other_incident, outcome,"
                               " member, time_ms, reason FROM pair_decisions WHERE number IN"
                               " (SELECT max(number) FROM pair_decisions GROUP BY report, incident,"
                               " other_report, other_incident)"
                               " ORDER BY report, incident, other_report, other_incident"));
  RESGUARDO_TRY(auto rows, find.query());
  return all_of(rows);
}

Result<std::vector<PairDecision>> VaultPairs::history(const IncidentKey& one,
                                                      const IncidentKey& other) {
  const auto& [a, b] = std::minmax(one, other);
  RESGUARDO_TRY(auto find, vault_.state_->database.prepare(
                               "SELECT report, incident, other_report, other_incident, outcome,"
                               " member, time_ms, reason FROM pair_decisions WHERE report = ? AND"
                               " incident = ? AND other_report = ? AND other_incident = ?"
                               " ORDER BY number"));
  RESGUARDO_TRY(auto rows, find.query(a.report, a.number, b.report, b.number));
  return all_of(rows);
}

Result<Clusters> clusters_of(Vault& vault) {
  RESGUARDO_TRY(const auto standing, VaultPairs(vault).standing());
  std::vector<DecidedPair> pairs;
  pairs.reserve(standing.size());
  for (const PairDecision& decision : standing) pairs.push_back(decision.pair);
  return Clusters(pairs);
}

}  // namespace resguardo::analyst
