// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/withdrawal_keys.h"

#include <algorithm>

#include "crypto/base/hash.h"
#include "crypto/log/naming_entry.h"

namespace resguardo {
namespace {

bool replaces(const LogFact& fact) {
  return fact.kind == LogKind::kAddendum && fact.replacement_token && fact.withdrawal_key_hash;
}

Digest hash_of(const ReplacementToken& token) {
  return sha256(token.view());
}

// The first that brings the token.
const LogFact* next_after(std::span<const LogFact> facts, const Digest& awaited) {
  const auto found = std::ranges::find_if(facts, [&](const LogFact& fact) {
    return replaces(fact) && hash_of(*fact.replacement_token) == awaited;
  });
  return found == facts.end() ? nullptr : &*found;
}

}  // namespace

WithdrawalKeys withdrawal_keys(std::span<const LogFact> facts) {
  WithdrawalKeys result;
  const NamingEntry naming = naming_entry(facts);
  result.disputed = naming.disputed;
  std::vector<const LogFact*> taken;
  if (naming.entry != nullptr && naming.entry->withdrawal_key_hash) taken.push_back(naming.entry);
  while (!taken.empty()) {
    const LogFact& last = *taken.back();
    result.keys.push_back({*last.withdrawal_key_hash, last.digest, std::nullopt});
    const auto* next = last.replacement_hash ? next_after(facts, *last.replacement_hash) : nullptr;
    // A token that hashes to what it brings itself would be one too many.
    if (next == nullptr || std::ranges::find(taken, next) != taken.end()) break;
    result.keys.back().until = next->day;
    taken.push_back(next);
  }
  result.forged = std::ranges::any_of(facts, [&](const LogFact& fact) {
    return replaces(fact) && std::ranges::none_of(taken, [&](const LogFact* one) {
             return one->withdrawal_key_hash == fact.withdrawal_key_hash &&
                    one->replacement_token == fact.replacement_token;
           });
  });
  return result;
}

std::optional<std::size_t> key_for(const WithdrawalKeys& keys, const Digest& hash, Day said,
                                   Day logged) {
  for (std::size_t at = 0; at < keys.keys.size(); ++at) {
    const WithdrawalKey& key = keys.keys[at];
    if (key.hash != hash) continue;
    const bool in_time = !key.until || (said <= *key.until && logged <= *key.until);
    if (in_time) return at;
  }
  return std::nullopt;
}

}  // namespace resguardo
