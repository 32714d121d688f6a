// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/withdrawal.h"

#include <array>

#include "crypto/base/hash.h"
#include "crypto/format/strict_parse.h"
#include "crypto/log/log_entry.h"
#include "crypto/seal/public_key.h"
#include "proto/log.pb.h"

namespace resguardo {
namespace {

Result<WithdrawalStatement> verified(const SignedWithdrawal& given) {
  constexpr Error kForged{Fault::kUnauthentic, "the signature does not fit the withdrawal"};
  const auto key = PublicKey<WithdrawalRole>::from_bytes(given.key);
  if (!key.ok()) return kForged;
  if (!verify_signature(*key, Label::kSignWithdrawal, given.statement, given.signature))
    return kForged;
  return read_withdrawal(given.statement);
}

pb::LogKind kind_of(const WithdrawalStatement& statement) {
  return statement.purposes.empty() ? pb::LOG_WITHDRAWAL : pb::LOG_CONSENT_CHANGE;
}

Result<pb::LogEntry> with_statement(ByteView bytes) {
  RESGUARDO_CHECK(parse_log_entry(bytes));
  RESGUARDO_TRY(auto entry, parse_strict<pb::LogEntry>(bytes));
  if (entry.kind() != pb::LOG_WITHDRAWAL && entry.kind() != pb::LOG_CONSENT_CHANGE)
    return Error{Fault::kMalformed, "not the log's entry of a withdrawal"};
  if (entry.statement().empty() && entry.statement_key().empty() &&
      entry.statement_signature().empty())
    return Error{Fault::kNotFound, "the withdrawal brings no statement"};
  return entry;
}

}  // namespace

Result<Bytes> make_withdrawal_entry(const SignedWithdrawal& given, Day day, RandomSource& salts) {
  RESGUARDO_TRY(const auto statement, verified(given));
  std::array<std::uint8_t, 16> salt{};
  salts.fill(salt);
  pb::LogEntry entry;
  entry.set_salt(to_string(salt));
  entry.set_kind(kind_of(statement));
  entry.set_id(statement.report.str());
  entry.set_digest(sha256(given.statement).str());
  entry.set_day(day.number);
  entry.set_statement(to_string(given.statement));
  entry.set_statement_key(to_string(given.key));
  entry.set_statement_signature(to_string(given.signature));
  return serialize_canonical(entry);
}

Result<LoggedWithdrawal> read_withdrawal_entry(ByteView bytes) {
  RESGUARDO_TRY(const auto entry, with_statement(bytes));
  const SignedWithdrawal given{to_bytes(as_bytes(entry.statement())),
                               to_bytes(as_bytes(entry.statement_key())),
                               to_bytes(as_bytes(entry.statement_signature()))};
  RESGUARDO_TRY(auto statement, verified(given));
  const bool fits = entry.kind() == kind_of(statement) && entry.id() == statement.report.str() &&
                    entry.digest() == sha256(given.statement).str();
  if (!fits) return Error{Fault::kUnauthentic, "the withdrawal is of another report, or purpose"};
  return LoggedWithdrawal{std::move(statement), sha256(given.key)};
}

Result<Digest> brought_key(ByteView bytes) {
  RESGUARDO_TRY(const auto entry, with_statement(bytes));
  return sha256(as_bytes(entry.statement_key()));
}

}  // namespace resguardo
