// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/log_entry.h"

#include <limits>

#include "crypto/base/hash.h"
#include "crypto/format/strict_parse.h"
#include "proto/log.pb.h"

namespace resguardo {
namespace {

constexpr std::size_t kSaltSize = 16;
constexpr std::size_t kMaxId = 32;

Error malformed() {
  return {Fault::kMalformed, "not a log entry"};
}

// A statement is its reporter's (crypto/log/withdrawal.h), or what a log begins with anew;
// elsewhere nobody would read it.
bool statement_fits(const pb::LogEntry& entry) {
  if (entry.kind() == pb::LOG_WITHDRAWAL || entry.kind() == pb::LOG_CONSENT_CHANGE) return true;
  const bool unsigned_one = entry.statement_key().empty() && entry.statement_signature().empty();
  return unsigned_one && (entry.kind() == pb::LOG_RESTART || entry.statement().empty());
}

std::string fresh_salt(RandomSource& salts) {
  std::array<std::uint8_t, kSaltSize> salt{};
  salts.fill(salt);
  return to_string(salt);
}

// Of a receipt, and so beside its key; what replaces one comes with an addendum.
bool replacement_fits(const pb::LogEntry& entry) {
  if (entry.replacement_hash().empty() && entry.replacement_token().empty()) return true;
  const bool addendum = entry.kind() == pb::LOG_ADDENDUM;
  if (entry.withdrawal_key_hash().empty()) return false;
  return addendum ? !entry.replacement_token().empty()
                  : entry.kind() == pb::LOG_REPORT && entry.replacement_token().empty();
}

template <class Bytes32>
bool read_optional(const std::string& field, std::optional<Bytes32>& value) {
  if (!field.empty()) value = Bytes32::from(as_bytes(field));
  return field.empty() || value.has_value();
}

bool day_fits(std::int64_t day) {
  return day >= 0 && day <= std::numeric_limits<std::int32_t>::max();
}

}  // namespace

Bytes make_log_entry(const LogFact& fact, RandomSource& salts) {
  pb::LogEntry entry;
  entry.set_salt(fresh_salt(salts));
  entry.set_kind(static_cast<pb::LogKind>(fact.kind));
  entry.set_id(to_string(fact.id));
  entry.set_digest(fact.digest.str());
  entry.set_day(fact.day.number);
  if (fact.withdrawal_key_hash) entry.set_withdrawal_key_hash(fact.withdrawal_key_hash->str());
  if (fact.week) entry.set_week(to_string(*fact.week));
  if (fact.replacement_hash) entry.set_replacement_hash(fact.replacement_hash->str());
  if (fact.replacement_token) entry.set_replacement_token(fact.replacement_token->str());
  return serialize_canonical(entry);
}

Result<LogFact> parse_log_entry(ByteView bytes) {
  RESGUARDO_TRY(const auto entry, parse_strict<pb::LogEntry>(bytes));
  const auto digest = Digest::from(as_bytes(entry.digest()));
  if (entry.salt().size() != kSaltSize || entry.kind() == pb::LOG_UNSPECIFIED || !digest ||
      entry.id().size() > kMaxId || !day_fits(entry.day()) || !statement_fits(entry) ||
      !replacement_fits(entry))
    return malformed();
  LogFact fact;
  fact.kind = static_cast<LogKind>(entry.kind());
  fact.id = to_bytes(as_bytes(entry.id()));
  fact.digest = *digest;
  fact.day = Day{static_cast<std::int32_t>(entry.day())};
  if (!read_optional(entry.withdrawal_key_hash(), fact.withdrawal_key_hash) ||
      !read_optional(entry.replacement_hash(), fact.replacement_hash) ||
      !read_optional(entry.replacement_token(), fact.replacement_token))
    return malformed();
  if (!entry.week().empty()) {
    fact.week = parse_week(entry.week());
    if (!fact.week) return malformed();
  }
  if (fact.week.has_value() != (fact.kind == LogKind::kEpochClosed)) return malformed();
  return fact;
}

Bytes make_restart_entry(std::string_view checkpoint, Day day, RandomSource& salts) {
  pb::LogEntry entry;
  entry.set_salt(fresh_salt(salts));
  entry.set_kind(pb::LOG_RESTART);
  entry.set_digest(sha256(as_bytes(checkpoint)).str());
  entry.set_day(day.number);
  entry.set_statement(std::string(checkpoint));
  return serialize_canonical(entry);
}

Result<std::string> restart_checkpoint(ByteView bytes) {
  RESGUARDO_TRY(const auto fact, parse_log_entry(bytes));
  RESGUARDO_TRY(auto entry, parse_strict<pb::LogEntry>(bytes));
  if (fact.kind != LogKind::kRestart || sha256(as_bytes(entry.statement())) != fact.digest)
    return malformed();
  return std::move(*entry.mutable_statement());
}

Result<Bytes> log_entry_again(ByteView bytes, Day day, RandomSource& salts) {
  RESGUARDO_CHECK(parse_log_entry(bytes));
  RESGUARDO_TRY(auto entry, parse_strict<pb::LogEntry>(bytes));
  entry.set_salt(fresh_salt(salts));
  entry.set_day(day.number);
  return serialize_canonical(entry);
}

Digest leaf_hash(ByteView entry) {
  constexpr std::array<std::uint8_t, 1> kLeaf{0};
  return sha256({ByteView(kLeaf), entry});
}

}  // namespace resguardo
