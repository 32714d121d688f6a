// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <boost/json.hpp>
#include <tuple>

#include "analyst/commands/bundles.h"
#include "analyst/commands/damage_text.h"
#include "analyst/commands/import_parts.h"
#include "analyst/commands/log_text.h"
#include "analyst/commands/news.h"
#include "analyst/import/bundle_check.h"
#include "analyst/import/importer.h"
#include "analyst/vault/vault.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using program::at;
using program::Outcome;
using program::Problem;

std::string count(std::uint64_t number, const char* what) {
  return std::to_string(number) + " " + what;
}

// The vault that is there, or none yet; and whom it believes.
struct Known {
  std::optional<Vault> vault;
  PublicKey<RootRole> root;
};

Outcome<Known> find_vault(const ImportOptions& options, const SecretBytes& passphrase) {
  if (!Vault::exists(options.vault)) {
    if (options.root.empty())
      return program::usage_problem("--root", "is needed the first time",
                                    "give the authority's public key; the vault remembers it");
    RESGUARDO_TRY(const auto root, read_public_key<RootRole>(options.root, "--root"));
    return Known{std::nullopt, root};
  }
  RESGUARDO_TRY(auto vault,
                at(options.vault.string(), Vault::open(options.vault, passphrase), kOwnPassphrase));
  const PublicKey<RootRole> root = vault.root();
  if (!options.root.empty()) {
    RESGUARDO_TRY(const auto given, read_public_key<RootRole>(options.root, "--root"));
    if (given != root)
      return program::usage_problem("--root", "is not the root this vault was made with");
  }
  return Known{std::move(vault), root};
}

// A bundle that passed the first walk.
struct Sound {
  std::filesystem::path file;
  BundleFindings found;
  std::size_t given = 0;  // its place in the command
};

Outcome<Done> acceptable(const std::string& where, const BundleFindings& found, bool salvage,
                         Call& call) {
  if (found.damage) {
    const std::string what = damage_text(*found.damage);
    if (!salvage)
      return Problem{where, what + "; nothing of it was taken",
                     "get it again, or take what is whole before that with --salvage"};
    call.console.warn(where + ": " + what + "; taking what is whole before that");
  }
  if (found.segments > 0 && found.openable == 0) {
    std::string readers;
    for (const std::string& label : found.readers)
      if (!label.empty()) readers += (readers.empty() ? "" : ", ") + label;
    return Problem{
        where, "none of its " + count(found.segments, "segments opens with these keys"),
        readers.empty() ? "use the keys of a member of its roster" : "it is sealed for " + readers};
  }
  return Done{};
}

std::uint64_t size_of(const std::filesystem::path& file) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(file, failed);
  return failed ? 0 : size;
}

Outcome<Sound> first_walk(const std::filesystem::path& file, const ImportOptions& options,
                          RosterShelf& shelf, const open::AnalystKeys& keys, VaultLog* log,
                          Call& call) {
  auto progress = call.console.progress("checking " + file.filename().string(), size_of(file));
  BundleCheck check(&shelf, &keys, log, options.despite_log);
  check.tell([&](const BundlePlace& place) { progress.at(place.offset); });
  RESGUARDO_TRY(BundleFindings found, check.run(file));
  RESGUARDO_CHECK(acceptable(file.string(), found, options.salvage, call));
  if (found.log_refused)
    call.console.warn(found.log_refused->where + ": " + found.log_refused->what +
                      "; taking its reports and nothing of its log");
  return Sound{file, std::move(found)};
}

// All that passed, oldest first, parts in their order; what did not goes to `refused`.
std::vector<Sound> first_walks(const ImportOptions& options, RosterShelf& shelf,
                               const open::AnalystKeys& keys, VaultLog* log, Call& call,
                               std::vector<Problem>& refused) {
  std::vector<Sound> sound;
  std::size_t given = 0;
  for (const auto& file : options.bundles) {
    auto one = first_walk(file, options, shelf, keys, log, call);
    if (one.ok()) {
      sound.push_back(std::move(one).value());
      sound.back().given = given++;
    } else {
      refused.push_back(one.error());
    }
  }
  std::ranges::sort(sound, [](const Sound& a, const Sound& b) {
    return std::tie(a.found.made, a.found.bundle_id, a.found.part, a.given) <
           std::tie(b.found.made, b.found.bundle_id, b.found.part, b.given);
  });
  return sound;
}

Outcome<ImportCounts> second_walk(const Sound& sound, Vault& vault, const RosterShelf& shelf,
                                  const open::AnalystKeys& keys, Call& call) {
  auto progress =
      call.console.progress("opening " + sound.file.filename().string(), size_of(sound.file));
  std::optional<LogFindings> log;
  if (!sound.found.log_refused) log = sound.found.log;
  Importer importer(vault, shelf, keys, std::move(log));
  importer.tell([&](const BundlePlace& place) { progress.at(place.offset); });
  return importer.run(sound.file, sound.found.damage);
}

void warn_of_rosters(const std::vector<Sound>& sound, Call& call) {
  std::uint64_t unknown = 0, other = 0, differs = 0;
  for (const Sound& one : sound) {
    unknown += one.found.unknown_roster;
    other += one.found.other_members;
    differs += one.found.log_differs;
  }
  if (unknown > 0)
    call.console.warn(count(unknown, "segments are sealed under a roster that root did not sign"));
  if (other > 0)
    call.console.warn(count(other, "segments are sealed for others than their roster's members"));
  if (differs > 0) call.console.warn(count(differs, "reports are not what the server's log says"));
}

// The bundles these files are of, with every part the vault has of them.
Outcome<std::vector<BundleParts>> bundles_of(const std::vector<Sound>& sound, Vault& vault) {
  std::vector<BundleParts> bundles;
  for (const Sound& one : sound) {
    const Bytes id = to_bytes(as_bytes(one.found.bundle_id));
    if (!bundles.empty() && bundles.back().bundle == id) continue;
    RESGUARDO_TRY(auto parts, at("vault", vault.parts(id)));
    bundles.push_back({id, std::move(parts)});
  }
  return bundles;
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

void print(const ImportCounts& counts, const std::vector<Sound>& sound,
           const std::vector<BundleParts>& bundles, const News& news, Call& call) {
  if (call.console.json()) {
    json::array parts;
    for (const BundleParts& bundle : bundles) parts.push_back(parts_json(bundle));
    call.console.print(json::object{{"reports", counts.reports},
                                    {"newSegments", counts.new_segments},
                                    {"moreOfSegments", counts.more_of_segments},
                                    {"knownSegments", counts.known_segments},
                                    {"notForTheseKeys", counts.not_for_these_keys},
                                    {"cutSegments", counts.cut_segments},
                                    {"unreadableSegments", counts.unreadable_segments},
                                    {"rows", counts.rows},
                                    {"bundles", std::move(parts)},
                                    {"rosters", news_json(news)},
                                    {"logs", logs_json(logs_of(sound))}});
    return;
  }
  call.console.print(count(counts.reports, "reports: ") +
                     count(counts.new_segments, "new segments, ") +
                     count(counts.more_of_segments, "with more than before, ") +
                     count(counts.known_segments, "here already\n"));
  for (const BundleParts& bundle : bundles)
    if (bundle.parts.size() > 1 && is_complete(bundle))
      call.console.print("all " + count(bundle.parts.size(), "parts are here\n"));
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
    call.console.warn(count(counts.not_for_these_keys, "segments are for other readers only"));
}

// One problem is the command's own; of several files, each has its line and the command a summary.
Outcome<Done> conclude(const ImportOptions& options, const std::vector<Problem>& refused,
                       Call& call) {
  if (refused.empty()) return Done{};
  if (options.bundles.size() == 1) return refused.front();
  for (const Problem& problem : refused) call.console.fail(problem);
  return Problem{"",
                 std::to_string(refused.size()) + " of " +
                     count(options.bundles.size(), "files did not come in"),
                 refused.size() < options.bundles.size() ? "the others did" : ""};
}

Outcome<RosterShelf> shelf_of(const ImportOptions& options, Known& known) {
  RosterShelf shelf(known.root);
  if (!known.vault) return shelf;
  RESGUARDO_TRY(const auto rosters, at(options.vault.string(), known.vault->rosters()));
  for (const auto& roster : rosters)
    RESGUARDO_CHECK(at(options.vault.string(), shelf.add(roster.file)));
  return shelf;
}

Outcome<Done> make_vault(const ImportOptions& options, Known& known, const SecretBytes& passphrase,
                         const open::LockCost& cost) {
  if (known.vault) return Done{};
  RESGUARDO_TRY(auto made, at(options.vault.string(),
                              Vault::create(options.vault, known.root, passphrase, cost)));
  known.vault.emplace(std::move(made));
  return Done{};
}

}  // namespace

Outcome<Done> import_bundles(const ImportOptions& options, Call& call) {
  RESGUARDO_TRY(const auto cost, cost_of(options.cost, call.console));
  RESGUARDO_TRY(const Secrets secrets, unlock_secrets(options.secrets));
  RESGUARDO_TRY(Known known, find_vault(options, secrets.vault_passphrase));
  RESGUARDO_TRY(RosterShelf shelf, shelf_of(options, known));
  // The first import brings no news.
  const std::uint64_t seen =
      shelf.empty() ? std::numeric_limits<std::uint64_t>::max() : shelf.entries().back().number;
  std::vector<Problem> refused;
  std::optional<VaultLog> log;
  if (known.vault) log.emplace(*known.vault);
  const auto sound =
      first_walks(options, shelf, secrets.keys, log ? &*log : nullptr, call, refused);
  if (sound.empty()) return conclude(options, refused, call);
  RESGUARDO_CHECK(make_vault(options, known, secrets.vault_passphrase, cost));
  ImportCounts counts;
  for (const Sound& one : sound) {
    const auto more = second_walk(one, *known.vault, shelf, secrets.keys, call);
    if (more.ok())
      counts += *more;
    else
      refused.push_back(more.error());
  }
  if (options.bundles.size() == 1 && !refused.empty()) return conclude(options, refused, call);
  RESGUARDO_TRY(const auto bundles, bundles_of(sound, *known.vault));
  RESGUARDO_TRY(const News news, read_news(shelf, seen, *known.vault, call));
  print(counts, sound, bundles, news, call);
  RESGUARDO_CHECK(tell_logs(logs_of(sound), *known.vault, call));
  tell_news(news, call);
  warn_of_rosters(sound, call);
  warn_of_gaps(counts, bundles, call);
  tell_of_damage(sound, call);
  if (refused.empty() && counts.unreadable_segments > 0)
    return Problem{options.bundles.front().string(),
                   count(counts.unreadable_segments,
                         "segments do not open to their end; the rest was imported"),
                   "`list` marks their reports as unreadable"};
  return conclude(options, refused, call);
}

}  // namespace resguardo::analyst
