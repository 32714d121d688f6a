// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_sets.h"

#include <algorithm>

#include "analyst/vault/vault_state.h"
#include "crypto/base/hash.h"

namespace resguardo::analyst {
namespace {

constexpr std::size_t kMostSetName = 40;
constexpr std::size_t kMostSetFilter = 4096;
constexpr Error kNoSuchSet{Fault::kNotFound, "there is no set of that name"};

Result<KeptSet> set_at(const sqlcipher::Rows& rows) {
  KeptSet set;
  set.name = rows.text(0);
  set.filter = rows.text(1);
  RESGUARDO_TRY(set.member, id_column<MemberId>(rows, 2));
  set.time = TimePoint{std::chrono::milliseconds(rows.integer(3))};
  return set;
}

JournalFact set_fact(JournalKind kind, std::string_view name, std::string_view filter) {
  Bytes both = to_bytes(as_bytes(name));
  both.push_back(0);
  const ByteView asked = as_bytes(filter);
  both.insert(both.end(), asked.begin(), asked.end());
  JournalFact fact;
  fact.kind = kind;
  fact.subject = blake2b(both);
  return fact;
}

}  // namespace

bool is_set_name(std::string_view name) {
  const auto fits = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
  };
  return !name.empty() && name.size() <= kMostSetName && std::ranges::all_of(name, fits) &&
         name.front() != '-' && name.back() != '-' && name.find("--") == std::string_view::npos;
}

Result<std::vector<KeptSet>> VaultSets::all() {
  RESGUARDO_TRY(auto find, vault_.state_->database.prepare(
                               "SELECT name, filter, member, time_ms FROM sets ORDER BY name"));
  RESGUARDO_TRY(auto rows, find.query());
  std::vector<KeptSet> found;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return found;
    RESGUARDO_TRY(auto one, set_at(rows));
    found.push_back(std::move(one));
  }
}

Result<KeptSet> VaultSets::called(std::string_view name) {
  RESGUARDO_TRY(auto find, vault_.state_->database.prepare(
                               "SELECT name, filter, member, time_ms FROM sets WHERE name = ?"));
  RESGUARDO_TRY(auto rows, find.query(name));
  RESGUARDO_TRY(const bool there, rows.next());
  if (!there) return kNoSuchSet;
  return set_at(rows);
}

Status VaultSets::keep(std::string_view name, std::string_view filter, VaultCustody& custody,
                       TimePoint now) {
  if (!is_set_name(name)) return Error{Fault::kRefused, "it is no name of a set"};
  if (filter.size() > kMostSetFilter) return Error{Fault::kRefused, "it asks for too much"};
  RESGUARDO_TRY(auto into, vault_.begin());
  if (called(name).ok()) return Error{Fault::kConflict, "there is a set of that name"};
  RESGUARDO_TRY(auto put,
                vault_.state_->database.prepare(
                    "INSERT INTO sets (name, filter, member, time_ms) VALUES (?, ?, ?, ?)"));
  RESGUARDO_CHECK(put.run(name, filter, custody.member(), milliseconds(now)));
  RESGUARDO_CHECK(custody.append(set_fact(JournalKind::kSetKept, name, filter), now));
  return into.commit();
}

Status VaultSets::remove(std::string_view name, VaultCustody& custody, TimePoint now) {
  RESGUARDO_TRY(auto into, vault_.begin());
  RESGUARDO_TRY(const KeptSet set, called(name));
  RESGUARDO_TRY(auto forget, vault_.state_->database.prepare("DELETE FROM sets WHERE name = ?"));
  RESGUARDO_CHECK(forget.run(name));
  RESGUARDO_CHECK(custody.append(set_fact(JournalKind::kSetRemoved, name, set.filter), now));
  return into.commit();
}

}  // namespace resguardo::analyst
