// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <iterator>
#include <tuple>

#include "analyst/commands/bundles.h"
#include "analyst/commands/custody.h"
#include "analyst/commands/damage_text.h"
#include "analyst/commands/import_text.h"
#include "analyst/commands/import_vault.h"
#include "analyst/commands/log_text.h"
#include "analyst/commands/withdrawals.h"

namespace resguardo::analyst {
namespace {

using program::at;
using program::Outcome;
using program::Problem;

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
        where, "none of its " + count_of(found.segments, "segments opens with these keys"),
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

// What the first walks of some files came to.
struct Walked {
  std::vector<Sound> sound;   // oldest first, parts in their order
  std::vector<Sound> behind;  // they go on from what the vault does not have yet
};

Walked first_walks(const std::vector<std::filesystem::path>& files, const ImportOptions& options,
                   RosterShelf& shelf, const open::AnalystKeys& keys, Known& known, Call& call,
                   std::vector<Problem>& refused) {
  Walked walked;
  std::optional<VaultLog> log;
  if (known.vault) log.emplace(*known.vault);
  std::size_t given = 0;
  for (const auto& file : files) {
    auto one = first_walk(file, options, shelf, keys, log ? &*log : nullptr, call);
    if (!one.ok()) {
      refused.push_back(one.error());
      continue;
    }
    auto& into = one->found.log.behind ? walked.behind : walked.sound;
    into.push_back(std::move(one).value());
    into.back().given = given++;
  }
  std::ranges::sort(walked.sound, [](const Sound& a, const Sound& b) {
    return std::tie(a.found.made, a.found.bundle_id, a.found.part, a.given) <
           std::tie(b.found.made, b.found.bundle_id, b.found.part, b.given);
  });
  return walked;
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

// One problem is the command's own; of several files, each has its line and the command a summary.
Outcome<Done> conclude(const ImportOptions& options, const std::vector<Problem>& refused,
                       Call& call) {
  if (refused.empty()) return Done{};
  if (options.bundles.size() == 1) return refused.front();
  for (const Problem& problem : refused) call.console.fail(problem);
  return Problem{"",
                 std::to_string(refused.size()) + " of " +
                     count_of(options.bundles.size(), "files did not come in"),
                 refused.size() < options.bundles.size() ? "the others did" : ""};
}

// What came in, and what did not.
struct Came {
  std::vector<Sound> sound;
  ImportCounts counts;
  std::vector<Problem> refused;
  std::vector<Withdrawal> taken_back;  // not known before
};

// After each bundle: what one log's withdrawal locked, the next one's log does not unlock.
Outcome<Done> note_withdrawals(Vault& vault, Came& came, Call& call) {
  RESGUARDO_TRY(auto fresh, at("vault", VaultWithdrawals(vault).note_new(day_of(call.now))));
  std::ranges::move(fresh, std::back_inserter(came.taken_back));
  return Done{};
}

Outcome<Done> take_in_one(const Sound& one, Vault& vault, const RosterShelf& shelf,
                          const Secrets& secrets, Came& came, Call& call) {
  RESGUARDO_CHECK(begin_custody(vault, secrets, call));
  RESGUARDO_CHECK(note_withdrawals(vault, came, call));  // an import before may have been stopped
  RESGUARDO_TRY(const Digest digest, digest_of_file(one.file));
  RESGUARDO_TRY(const auto more, second_walk(one, vault, shelf, secrets.keys, call));
  came.counts += more;
  RESGUARDO_CHECK(note_imported(digest, one.found.report_ids, vault, secrets, call));
  return note_withdrawals(vault, came, call);
}

// Bundles that go on from others among them come in the next round.
Came take_in(const ImportOptions& options, Known& known, RosterShelf& shelf, const Secrets& secrets,
             const open::LockCost& cost, Call& call) {
  Came came;
  for (auto files = options.bundles; !files.empty();) {
    Walked walked = first_walks(files, options, shelf, secrets.keys, known, call, came.refused);
    files.clear();
    for (const Sound& one : walked.behind) {
      if (walked.sound.empty())
        came.refused.push_back(behind_problem(one.file.string(), one.found.log));
      else
        files.push_back(one.file);
    }
    if (walked.sound.empty()) return came;
    if (auto made = make_vault(options, known, secrets.vault_passphrase, cost); !made.ok()) {
      came.refused.push_back(made.error());
      return came;
    }
    for (Sound& one : walked.sound) {
      const auto taken = take_in_one(one, *known.vault, shelf, secrets, came, call);
      if (!taken.ok()) came.refused.push_back(taken.error());
      came.sound.push_back(std::move(one));
    }
  }
  return came;
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
  const Came came = take_in(options, known, shelf, secrets, cost, call);
  const auto& [sound, counts, refused, taken_back] = came;
  if (sound.empty()) return conclude(options, refused, call);
  if (options.bundles.size() == 1 && !refused.empty()) return conclude(options, refused, call);
  RESGUARDO_TRY(const auto bundles, bundles_of(sound, *known.vault));
  RESGUARDO_TRY(const News news, read_news(shelf, seen, *known.vault, call));
  print_import(counts, sound, bundles, news, call);
  RESGUARDO_CHECK(tell_logs(logs_of(sound), *known.vault, call));
  if (refused.empty() && taken_back.empty())
    RESGUARDO_CHECK(not_only_older(counts, sound, *known.vault));
  tell_news(news, call);
  RESGUARDO_CHECK(settle_withdrawals(*known.vault, taken_back, call));
  warn_of_rosters(sound, call);
  warn_of_gaps(counts, bundles, call);
  tell_of_damage(sound, call);
  if (refused.empty() && counts.damaged_files > 0)
    return Problem{options.bundles.front().string(),
                   count_of(counts.damaged_files,
                            "files came whole and do not open; the rest was "
                            "imported"),
                   "`list` marks their reports as file-damaged; import another copy"};
  if (refused.empty() && counts.unreadable_segments > 0)
    return Problem{options.bundles.front().string(),
                   count_of(counts.unreadable_segments,
                            "segments do not open to their end; the rest was imported"),
                   "`list` marks their reports as unreadable"};
  return conclude(options, refused, call);
}

}  // namespace resguardo::analyst
