// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/installation.h"

#include "bot/commands/secrets.h"
#include "crypto/session/master_key.h"
#include "storage/sqlcipher/engine.h"

namespace resguardo::commands {

using program::Outcome;

Outcome<Installation> open_installation(const config::Config& config, TimePoint now,
                                        RandomSource& ids, storage::StoreUse use) {
  RESGUARDO_TRY(auto master, program::of_configuration(read_master_key(config.store)));
  const std::string where = config.store.directory.string();
  if (std::error_code unknown; !std::filesystem::is_directory(config.store.directory, unknown))
    return program::usage_problem("[store] directory",
                                  "is not there, or closed to this user: " + where,
                                  "name the folder that `init` made");
  RESGUARDO_TRY(auto keys, program::of_configuration(program::at(
                               where, storage::KeyRing::open(config.store.directory, master),
                               "is this the master key that `init` made for this directory?")));
  storage::EngineOptions options;
  options.directory = config.store.directory;
  options.today = day_of(now);
  options.use = use;
  RESGUARDO_TRY(
      auto store,
      program::at(
          where, storage::open_store(options, *keys, ids),
          "if `resguardo-bot serve` runs on it, stop that first; else see whether this user may "
          "write there"));
  return Installation{std::move(master), std::move(keys), std::move(store)};
}

Outcome<intake::TeamCodes> open_team_codes(const Installation& installation) {
  RESGUARDO_TRY(auto key,
                program::at("the master key",
                            derive_from_master(installation.master, MasterUse::kTeamCode, 0)));
  return program::at("the store", intake::TeamCodes::read(*installation.store, std::move(key)));
}

Outcome<config::Config> require_config(const config::Path& file) {
  std::vector<config::ConfigProblem> problems;
  auto config = config::read_config(file, problems);
  if (!config)
    return program::usage_problem(problems.front().where, problems.front().what,
                                  problems.front().mend);
  return std::move(*config);
}

}  // namespace resguardo::commands
