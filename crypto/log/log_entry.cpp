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

// A statement is a withdrawal's; anywhere else nobody would read it.
bool statement_fits(const pb::LogEntry& entry) {
  return entry.kind() == pb::LOG_WITHDRAWAL ||
         (entry.statement().empty() && entry.statement_key().empty() &&
          entry.statement_signature().empty());
}

bool day_fits(std::int64_t day) {
  return day >= 0 && day <= std::numeric_limits<std::int32_t>::max();
}

}  // namespace

Bytes make_log_entry(const LogFact& fact, RandomSource& salts) {
  std::array<std::uint8_t, kSaltSize> salt{};
  salts.fill(salt);
  pb::LogEntry entry;
  entry.set_salt(to_string(salt));
  entry.set_kind(static_cast<pb::LogKind>(fact.kind));
  entry.set_id(to_string(fact.id));
  entry.set_digest(fact.digest.str());
  entry.set_day(fact.day.number);
  if (fact.withdrawal_key_hash) entry.set_withdrawal_key_hash(fact.withdrawal_key_hash->str());
  if (fact.week) entry.set_week(to_string(*fact.week));
  return serialize_canonical(entry);
}

Result<LogFact> parse_log_entry(ByteView bytes) {
  RESGUARDO_TRY(const auto entry, parse_strict<pb::LogEntry>(bytes));
  const auto digest = Digest::from(as_bytes(entry.digest()));
  if (entry.salt().size() != kSaltSize || entry.kind() == pb::LOG_UNSPECIFIED || !digest ||
      entry.id().size() > kMaxId || !day_fits(entry.day()) || !statement_fits(entry))
    return malformed();
  LogFact fact;
  fact.kind = static_cast<LogKind>(entry.kind());
  fact.id = to_bytes(as_bytes(entry.id()));
  fact.digest = *digest;
  fact.day = Day{static_cast<std::int32_t>(entry.day())};
  if (!entry.withdrawal_key_hash().empty()) {
    fact.withdrawal_key_hash = Digest::from(as_bytes(entry.withdrawal_key_hash()));
    if (!fact.withdrawal_key_hash) return malformed();
  }
  if (!entry.week().empty()) {
    fact.week = parse_week(entry.week());
    if (!fact.week) return malformed();
  }
  if (fact.week.has_value() != (fact.kind == LogKind::kEpochClosed)) return malformed();
  return fact;
}

Digest leaf_hash(ByteView entry) {
  constexpr std::array<std::uint8_t, 1> kLeaf{0};
  return sha256({ByteView(kLeaf), entry});
}

}  // namespace resguardo
