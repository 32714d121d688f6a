// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/import/roster_news.h"

#include <algorithm>
#include <map>

#include "crypto/base/hash.h"
#include "proto/roster.pb.h"

namespace resguardo::analyst {
namespace {

// As the log names it: SHA-256 of what root signed.
Digest logged_digest(const VerifiedRoster& roster) {
  pb::RosterFile file;  // verified: it parses
  file.ParseFromArray(roster.file().data(), static_cast<int>(roster.file().size()));
  return sha256(as_bytes(file.roster().message()));
}

struct Standing {
  std::string label;
  std::array<bool, 2> reads = {};  // by StreamId
  std::optional<PublicKey<AnalystRole>> identity;
  Digest list;
};
using Standings = std::map<MemberId, Standing>;

Standings standings(const VerifiedRoster& roster, Week week) {
  Standings all;
  for (const auto& member : roster.members()) {
    all[member.id].label = member.label;
    all[member.id].identity = member.key;
  }
  const auto anchor = roster.anchor();
  for (const auto& list : anchor.lists) all[list.member].list = list.digest;
  const auto recipients = roster.recipients(week);
  for (const StreamId stream : kStreams)
    if (recipients.ok())
      for (const Recipient& one : recipients->members[static_cast<std::size_t>(stream)])
        all[one.member].reads[static_cast<std::size_t>(stream)] = true;
  return all;
}

const char* reads_text(const std::array<bool, 2>& reads) {
  if (reads[0] && reads[1]) return "reads testimony and identity";
  if (reads[0]) return "reads testimony";
  return reads[1] ? "reads identity" : "reads nothing";
}

void compare(const Standing& before, const Standing& after, std::vector<std::string>& changes) {
  const bool read = before.reads[0] || before.reads[1];
  if (before.reads != after.reads) changes.push_back(after.label + " " + reads_text(after.reads));
  if (before.identity && before.identity != after.identity)
    changes.push_back(after.label + " has ANOTHER identity key: ask them");
  else if (read && (after.reads[0] || after.reads[1]) && before.list != after.list)
    changes.push_back(after.label + " has a newer list of keys");
}

std::vector<std::string> changes_between(const VerifiedRoster& before, const VerifiedRoster& after,
                                         Week week) {
  std::vector<std::string> changes;
  const Standings old = standings(before, week);
  const Standings now = standings(after, week);
  for (const auto& [id, standing] : now) {
    const auto known = old.find(id);
    compare(known == old.end() ? Standing{} : known->second, standing, changes);
  }
  for (const auto& [id, standing] : old)
    if (!now.contains(id)) changes.push_back(standing.label + " is not listed any more");
  if (before.log_keys() != after.log_keys()) changes.emplace_back("the server's log key changed");
  if (after.anchor().next_root && before.anchor().next_root != after.anchor().next_root)
    changes.emplace_back("a new root key is announced");
  return changes;
}

}  // namespace

std::vector<RosterNews> roster_news(const RosterShelf& shelf, std::uint64_t seen, Week week,
                                    const std::vector<LogFact>& accepted) {
  std::vector<RosterNews> news;
  const RosterShelf::Entry* before = nullptr;
  for (const auto& entry : shelf.entries()) {
    if (entry.number > seen && before != nullptr) {
      RosterNews one{entry.number, changes_between(before->roster, entry.roster, week), {}};
      const auto logged =
          std::ranges::find(accepted, logged_digest(entry.roster), &LogFact::digest);
      if (logged != accepted.end()) one.accepted = logged->day;
      news.push_back(std::move(one));
    }
    before = &entry;
  }
  return news;
}

Result<std::vector<LogFact>> accepted_rosters(VaultLog& logs) {
  std::vector<LogFact> accepted;
  RESGUARDO_TRY(const auto entries, logs.about({}));  // they are about nobody
  for (const auto& entry : entries)
    if (auto fact = parse_log_entry(entry.entry); fact.ok() && fact->kind == LogKind::kRoster)
      accepted.push_back(std::move(fact).value());
  return accepted;
}

std::vector<LogFact> rosters_not_shown(const RosterShelf& shelf,
                                       const std::vector<LogFact>& accepted) {
  std::vector<LogFact> missing = accepted;
  for (const auto& entry : shelf.entries())
    std::erase_if(missing, [digest = logged_digest(entry.roster)](const LogFact& fact) {
      return fact.digest == digest;
    });
  return missing;
}

}  // namespace resguardo::analyst
