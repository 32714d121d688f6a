// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_decisions.h"

#include "analyst/vault/vault_state.h"
#include "crypto/base/hash.h"

namespace resguardo::analyst {
namespace {

constexpr Error kBroken{Fault::kMalformed, "what the vault kept of a decision is damaged"};

JournalKind journal_kind(DecisionKind kind) {
  switch (kind) {
    case DecisionKind::kViolation:
    case DecisionKind::kPolicy:
    case DecisionKind::kActor:
      return JournalKind::kCoded;
    case DecisionKind::kLevel:
      return JournalKind::kLevelled;
    case DecisionKind::kTag:
      return JournalKind::kTagged;
    case DecisionKind::kNote:
      return JournalKind::kNoted;
    case DecisionKind::kLink:
      return JournalKind::kLinked;
  }
  return JournalKind::kCoded;
}

Result<Decision> read_decision(const sqlcipher::Rows& rows) {
  Decision one;
  const std::int64_t kind = rows.integer(1), how = rows.integer(2);
  if (kind < 1 || kind > 7 || how < 1 || how > 3) return kBroken;
  one.kind = static_cast<DecisionKind>(kind);
  one.how = static_cast<DecisionHow>(how);
  one.incident = static_cast<std::uint32_t>(rows.integer(3));
  one.code = rows.text(4);
  one.reason = rows.text(5);
  if (!rows.is_null(6)) {
    RESGUARDO_TRY(const auto other, id_column<ReportId>(rows, 6));
    one.other = other;
  }
  one.other_incident = static_cast<std::uint32_t>(rows.integer(7));
  RESGUARDO_TRY(one.member, id_column<MemberId>(rows, 8));
  one.time = TimePoint{std::chrono::milliseconds(rows.integer(9))};
  return one;
}

void put_field(Bytes& out, ByteView field) {
  for (unsigned shift = 0; shift < 32; shift += 8)
    out.push_back(static_cast<std::uint8_t>(field.size() >> shift));
  out.insert(out.end(), field.begin(), field.end());
}

// docs/format.md: "A vault's journal".
Digest salted(const ReportId& report, const Decision& one, ByteView salt) {
  Bytes all;
  put_field(all, salt);
  put_field(all, report.view());
  const std::string numbers =
      std::to_string(static_cast<int>(one.kind)) + " " + std::to_string(static_cast<int>(one.how)) +
      " " + std::to_string(one.incident) + " " + std::to_string(one.other_incident);
  put_field(all, as_bytes(numbers));
  put_field(all, as_bytes(one.code));
  put_field(all, as_bytes(one.reason));
  put_field(all, one.other ? one.other->view() : ByteView());
  return blake2b(all);
}

}  // namespace

Result<VaultDecisions::All> VaultDecisions::all() {
  RESGUARDO_TRY(auto find, vault_.state_->database.prepare(
                               "SELECT report, kind, how, incident, code, reason, other,"
                               " other_incident, member, time FROM decisions ORDER BY number"));
  RESGUARDO_TRY(auto rows, find.query());
  All found;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return found;
    RESGUARDO_TRY(const auto report, id_column<ReportId>(rows, 0));
    RESGUARDO_TRY(auto one, read_decision(rows));
    found[report].push_back(std::move(one));
  }
}

Result<std::vector<Decision>> VaultDecisions::of(const ReportId& report) {
  RESGUARDO_TRY(
      auto find,
      vault_.state_->database.prepare(
          "SELECT report, kind, how, incident, code, reason, other,"
          " other_incident, member, time FROM decisions WHERE report = ? ORDER BY number"));
  RESGUARDO_TRY(auto rows, find.query(report));
  std::vector<Decision> found;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return found;
    RESGUARDO_TRY(auto one, read_decision(rows));
    found.push_back(std::move(one));
  }
}

Status VaultDecisions::add_one(const ReportId& report, const Decision& one, VaultCustody& custody,
                               RandomSource& ids, TimePoint now) {
  if (one.reason.size() > kMostDecisionText || one.code.size() > kMostDecisionText)
    return Error{Fault::kRefused, "it is too long"};
  const auto salt = ids.make<Digest>();
  RESGUARDO_TRY(
      auto put,
      vault_.state_->database.prepare(
          "INSERT INTO decisions (report, kind, how, incident, code, reason,"
          " other, other_incident, member, time, salt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  RESGUARDO_CHECK(put.run(report, static_cast<int>(one.kind), static_cast<int>(one.how),
                          one.incident, std::string_view(one.code), std::string_view(one.reason),
                          one.other, one.other_incident, custody.member(), milliseconds(now),
                          salt));
  JournalFact fact = journal_fact(journal_kind(one.kind), {report});
  fact.subject = salted(report, one, salt.view());
  return custody.append(fact, now);
}

Status VaultDecisions::add(const ReportId& report, std::vector<Decision> decisions,
                           VaultCustody& custody, RandomSource& ids, TimePoint now) {
  RESGUARDO_TRY(auto into, vault_.begin());
  for (const Decision& one : decisions) RESGUARDO_CHECK(add_one(report, one, custody, ids, now));
  return into.commit();
}

}  // namespace resguardo::analyst
