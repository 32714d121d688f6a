// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/acceptance_log.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "crypto/base/hash.h"
#include "proto/roster.pb.h"

namespace resguardo::commands {
namespace {

bool known(const std::optional<RosterAnchor>& before, const Digest& list) {
  return before && std::ranges::any_of(before->lists,
                                       [&](const ListAnchor& one) { return one.digest == list; });
}

LogFact fact_of(LogKind kind, Bytes id, ByteView message, Day day) {
  LogFact fact;
  fact.kind = kind;
  fact.id = std::move(id);
  fact.digest = sha256(message);
  fact.day = day;
  return fact;
}

using Accepted = std::tuple<LogKind, Bytes, Digest>;

Accepted file_of(const LogFact& fact) {
  return {fact.kind, fact.id, fact.digest};
}

// Every acceptance that the log holds or is about to hold.
Result<std::set<Accepted>> logged_acceptances(storage::Store& store) {
  std::set<Accepted> logged;
  const auto add = [&](std::uint64_t, ByteView entry) {
    const auto fact = parse_log_entry(entry);
    if (fact.ok() && (fact->kind == LogKind::kRoster || fact->kind == LogKind::kEpochList))
      logged.insert(file_of(*fact));
    return success();
  };
  // What waits first: what gets its place in between is then seen twice, not never.
  RESGUARDO_TRY(const auto waiting, store.log_entries());
  for (const Bytes& entry : waiting) RESGUARDO_CHECK(add(0, entry));
  RESGUARDO_TRY(const auto last, store.last_checkpoint());
  if (last) RESGUARDO_CHECK(store.logged(0, last->size, add));
  return logged;
}

}  // namespace

std::vector<LogFact> acceptance_facts(const VerifiedRoster& roster,
                                      const std::optional<RosterAnchor>& before, Day today) {
  std::vector<LogFact> facts;
  pb::RosterFile file;  // verified: it parses
  if (!file.ParseFromArray(roster.file().data(), static_cast<int>(roster.file().size())))
    return facts;
  if (!before || before->digest != roster.anchor().digest)
    facts.push_back(fact_of(LogKind::kRoster, {}, as_bytes(file.roster().message()), today));
  for (const auto& list : file.epoch_lists()) {
    const ByteView message = as_bytes(list.message());
    pb::EpochList content;
    if (known(before, blake2b(message)) || !content.ParseFromString(list.message())) continue;
    facts.push_back(
        fact_of(LogKind::kEpochList, to_bytes(as_bytes(content.member_id())), message, today));
  }
  return facts;
}

Status log_acceptance(storage::Store& store, const VerifiedRoster& roster,
                      const std::optional<RosterAnchor>& before, Day today, RandomSource& salts) {
  const auto facts = acceptance_facts(roster, before, today);
  if (facts.empty()) return success();
  RESGUARDO_TRY(const auto logged, logged_acceptances(store));
  for (const LogFact& fact : facts)
    if (!logged.contains(file_of(fact)))
      RESGUARDO_CHECK(store.log(today, make_log_entry(fact, salts)));
  return success();
}

}  // namespace resguardo::commands
