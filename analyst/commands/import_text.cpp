// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/import_text.h"

#include <algorithm>
#include <boost/json.hpp>

#include "analyst/commands/damage_text.h"
#include "analyst/commands/log_text.h"
#include "analyst/vault/vault_log.h"

namespace resguardo::analyst {
namespace {

boost::json::object files_json(const ImportCounts& counts) {
  return {{"new", counts.new_files},       {"known", counts.known_files},
          {"cut", counts.cut_files},       {"damaged", counts.damaged_files},
          {"sealed", counts.sealed_files}, {"ofNobody", counts.nobodys_files}};
}

}  // namespace

std::string count_of(std::uint64_t number, const char* what) {
  return std::to_string(number) + " " + what;
}

// Parts of one bundle carry the same log.
std::vector<LogFindings> logs_of(const std::vector<Sound>& sound) {
  std::vector<LogFindings> logs;
  for (std::size_t at = 0; at < sound.size(); ++at) {
    const bool again =
        at + 1 < sound.size() && sound[at + 1].found.bundle_id == sound[at].found.bundle_id;
    if (!again && !sound[at].found.log_refused) logs.push_back(sound[at].found.log);
  }
  return logs;
}

program::Outcome<Done> not_only_older(const ImportCounts& counts, const std::vector<Sound>& sound,
                                      Vault& vault) {
  const auto older = [](const Sound& one) {
    return !one.found.log_refused && one.found.log.fate == LogFate::kOlder;
  };
  const bool nothing_new = counts.rows == 0 && counts.unreadable_segments == 0 &&
                           counts.cut_segments == 0 && counts.new_files == 0;
  if (!nothing_new || !std::ranges::all_of(sound, older)) return Done{};
  const Sound& newest = sound.back();
  RESGUARDO_TRY(const auto kept,
                program::at("vault", VaultLog(vault).kept(newest.found.log.origin)));
  return program::Problem{newest.file.string(),
                          "is older than this vault: its log ends on " +
                              to_string(newest.found.log.day) +
                              (kept ? ", the vault's on " + to_string(kept->day) : "") +
                              ", and everything in it is here already",
                          "look for the newer one"};
}

void warn_of_rosters(const std::vector<Sound>& sound, Call& call) {
  std::uint64_t unknown = 0, other = 0, differs = 0;
  for (const Sound& one : sound) {
    unknown += one.found.unknown_roster;
    other += one.found.other_members;
    differs += one.found.log_differs;
  }
  if (unknown > 0)
    call.console.warn(
        count_of(unknown, "segments are sealed under a roster that root did not sign"));
  if (other > 0)
    call.console.warn(
        count_of(other, "segments are sealed for others than their roster's members"));
  if (differs > 0)
    call.console.warn(count_of(differs, "reports are not what the server's log says"));
}

void print_import(const ImportCounts& counts, const std::vector<Sound>& sound,
                  const std::vector<BundleParts>& bundles, const News& news, Call& call) {
  if (call.console.json()) {
    boost::json::array parts;
    for (const BundleParts& bundle : bundles) parts.push_back(parts_json(bundle));
    call.console.print(boost::json::object{{"reports", counts.reports},
                                           {"newSegments", counts.new_segments},
                                           {"moreOfSegments", counts.more_of_segments},
                                           {"knownSegments", counts.known_segments},
                                           {"notForTheseKeys", counts.not_for_these_keys},
                                           {"quorumSegments", counts.quorum_segments},
                                           {"cutSegments", counts.cut_segments},
                                           {"unreadableSegments", counts.unreadable_segments},
                                           {"rows", counts.rows},
                                           {"files", files_json(counts)},
                                           {"bundles", std::move(parts)},
                                           {"rosters", news_json(news)},
                                           {"logs", logs_json(logs_of(sound))}});
    return;
  }
  call.console.print(count_of(counts.reports, "reports: ") +
                     count_of(counts.new_segments, "new segments, ") +
                     count_of(counts.more_of_segments, "with more than before, ") +
                     count_of(counts.known_segments, "here already\n"));
  if (counts.quorum_segments > 0)
    call.console.print(
        count_of(counts.quorum_segments,
                 "segments hold what only several open together: `quorum request`\n"));
  if (counts.new_files + counts.known_files > 0)
    call.console.print(count_of(counts.new_files, "files came whole and open, ") +
                       count_of(counts.known_files, "here already\n"));
  for (const BundleParts& bundle : bundles)
    if (bundle.parts.size() > 1 && is_complete(bundle))
      call.console.print("all " + count_of(bundle.parts.size(), "parts are here\n"));
}

// What was taken of damaged files, and that nothing has to be done twice.
void tell_of_damage(const std::vector<Sound>& sound, Call& call) {
  bool damaged = false;
  for (const Sound& one : sound) {
    if (!one.found.damage) continue;
    call.console.note(taken_text(one.file, *one.found.damage));
    damaged = true;
  }
  if (damaged) call.console.note("Import another copy when you have one: it goes on from there.");
}

void warn_of_gaps(const ImportCounts& counts, const std::vector<BundleParts>& bundles, Call& call) {
  for (const BundleParts& bundle : bundles)
    if (const std::string missing = missing_text(bundle); !missing.empty())
      call.console.warn(missing);
  if (counts.not_for_these_keys > 0)
    call.console.warn(count_of(counts.not_for_these_keys, "segments are for other readers only"));
  if (counts.cut_files > 0)
    call.console.warn(count_of(
        counts.cut_files, "files are not here whole: import the part or bundle with the rest"));
  if (counts.sealed_files > 0)
    call.console.warn(count_of(counts.sealed_files,
                               "files came whose keys have not, or are for other readers only"));
  if (counts.nobodys_files > 0)
    call.console.warn(
        count_of(counts.nobodys_files, "files are named by no segment, and were not kept"));
}

}  // namespace resguardo::analyst
