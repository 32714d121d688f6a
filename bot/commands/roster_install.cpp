// SPDX-License-Identifier: AGPL-3.0-or-later
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdio>
#include <sstream>

#include "bot/commands/commands.h"
#include "bot/commands/health.h"
#include "bot/commands/installation.h"
#include "bot/commands/sources.h"
#include "crypto/seal/roster_content.h"
#include "program/output_file.h"
#include "storage/durable_file.h"
#include "storage/store_lock.h"

namespace resguardo::commands {
namespace {

namespace fs = std::filesystem;
using program::Outcome;
using program::Problem;

constexpr const char* kCurrentRoster = "get the current roster from whoever holds the root key";

struct Installed {
  std::uint64_t number = 0;
  bool running = false;  // a server has the store: it takes the file by itself
  std::string warnings;  // of what runs out soon, a line each
};

Installed result_of(const VerifiedRoster& roster, bool running, TimePoint now) {
  return {roster.anchor().number, running,
          roster_warning(roster.expires().number - day_of(now).number) +
              keys_warning(roster.days_of_keys_left(now))};
}

// As the file before it: whoever could read that one reads this one.
Outcome<Done> same_owner(const fs::path& file, const fs::path& before) {
  struct stat old{};
  if (::stat(before.c_str(), &old) != 0) return Done{};  // the first one
  const bool kept = ::chown(file.c_str(), old.st_uid, old.st_gid) == 0 &&
                    ::chmod(file.c_str(), old.st_mode & 07777U) == 0;
  if (kept) return Done{};
  return Problem{before.string(),
                 "its owner cannot be given to the new roster: nothing was changed",
                 "run this as its owner, or as root"};
}

// Whole or not at all: written beside it, synced, renamed.
Outcome<Done> replace_file(const fs::path& path, ByteView content) {
  fs::path beside = path;
  beside += ".new";
  std::error_code ignored;
  fs::remove(beside, ignored);  // of a run that was cut short
  RESGUARDO_CHECK(program::write_new_file(beside, content));
  const auto owned = same_owner(beside, path);
  if (!owned.ok() || std::rename(beside.c_str(), path.c_str()) != 0) {
    fs::remove(beside, ignored);
    if (!owned.ok()) return owned.error();
    return Problem{path.string(), "cannot be replaced", "check the folder's permissions"};
  }
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  return program::at(folder.string(), storage::sync_directory(folder));
}

// What a roster that follows the installed one must continue. The file stands for what the server
// accepted: `serve` refuses any other.
Outcome<RosterAnchor> anchor_of_file(const fs::path& path, const PublicKey<RootRole>& root) {
  const Problem unknown{"the server that runs on this store",
                        "accepted a roster that cannot be told from " + path.string(),
                        "stop `serve`, install the roster, start it again"};
  const auto file = program::read_file(path, kLongestRoster);
  if (!file.ok()) return unknown;
  const auto parsed = read_roster_file(*file);
  if (!parsed.ok()) return unknown;
  const auto checked = check_roster_file(*parsed);
  if (!checked.ok()) return unknown;
  const RosterContent& content = checked->roster;
  const auto installed = VerifiedRoster::verify(*file, root, TimePoint(),
                                                RosterAnchor{content.number, content.digest});
  if (!installed.ok()) return unknown;
  RosterAnchor anchor = installed->anchor();
  anchor.root = checked->signers.back();  // of two, the one that signs from then on
  return anchor;
}

Outcome<Installed> beside_a_server(const config::Config& config, ByteView file,
                                   const std::string& where, TimePoint now) {
  RESGUARDO_TRY(const auto root, program::of_configuration(root_key(config)));
  RESGUARDO_TRY(const auto anchor, anchor_of_file(config.roster.path, root));
  RESGUARDO_TRY(
      const auto roster,
      program::at(where, VerifiedRoster::verify(file, root, now, anchor), kCurrentRoster));
  RESGUARDO_CHECK(replace_file(config.roster.path, file));
  return result_of(roster, true, now);
}

Outcome<Installed> in_the_store(const config::Config& config, ByteView file,
                                const std::string& where, TimePoint now) {
  RESGUARDO_TRY(const auto root, program::of_configuration(root_key(config)));
  SystemRandom ids;
  RESGUARDO_TRY(const auto installation, open_installation(config, now, ids));
  RESGUARDO_TRY(const auto anchor, stored_anchor(*installation.store));
  RESGUARDO_TRY(
      const auto roster,
      program::at(where, VerifiedRoster::verify(file, root, now, anchor), kCurrentRoster));
  // The file first: `serve` accepts what it finds there, and refuses what is older than accepted.
  RESGUARDO_CHECK(replace_file(config.roster.path, file));
  RESGUARDO_CHECK(accept_roster(roster, anchor, *installation.store, day_of(now), ids));
  return result_of(roster, false, now);
}

Outcome<Installed> install(const InstallOptions& options) {
  RESGUARDO_TRY(const auto config, require_config(options.config));
  RESGUARDO_TRY(const auto file, program::read_file(options.file, kLongestRoster));
  const std::string where = options.file.string();
  const TimePoint now = SystemClock().now();
  bool taken = false;
  {
    const auto lock = storage::StoreLock::acquire(config.store.directory);
    taken = !lock.ok() && lock.error().fault == Fault::kConflict;
  }
  return taken ? beside_a_server(config, file, where, now) : in_the_store(config, file, where, now);
}

}  // namespace

program::ExitCode install_roster(const InstallOptions& options, program::Console& console) {
  const auto installed = install(options);
  if (!installed.ok()) return console.fail(installed.error());
  std::istringstream warnings(installed->warnings);
  for (std::string line; std::getline(warnings, line);) console.warn(line);
  if (console.json()) {
    console.print(
        boost::json::object{{"number", installed->number}, {"server_running", installed->running}});
  } else {
    console.print("Installed roster " + std::to_string(installed->number) + ". " +
                  (installed->running ? "The running server takes it within seconds and says so.\n"
                                      : "`serve` begins with it.\n"));
  }
  return console.finish();
}

}  // namespace resguardo::commands
