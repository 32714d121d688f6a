// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "analyst/commands/call.h"
#include "analyst/commands/incidents.h"
#include "analyst/commands/reports.h"
#include "analyst/commands/secrets.h"
#include "program/command_line.h"

// The units that say what a command line can be; each costs the compiler CLI11 once more.
namespace resguardo::analyst {

using Action = std::function<program::Outcome<Done>(Call&)>;

// What a command line said: which command, and whether its data is wanted as JSON.
struct CommandLine {
  bool json = false;
  Action action;
};

inline CLI::App& group(CLI::App& parent, const char* name, const char* what) {
  CLI::App* made = parent.add_subcommand(name, what);
  made->require_subcommand(1);
  return *made;
}

// A command that does something: --json, and what to run when it was named.
inline CLI::App& leaf(CLI::App& parent, const char* name, const char* what, CommandLine& line,
                      Action action) {
  CLI::App* made = parent.add_subcommand(name, what);
  made->add_flag("--json", line.json, "Print data as JSON");
  made->callback([&line, action = std::move(action)] { line.action = action; });
  return *made;
}

// The same with options that live as long as the command line.
template <class Options>
std::pair<CLI::App&, Options&> leaf_with(CLI::App& parent, const char* name, const char* what,
                                         CommandLine& line,
                                         program::Outcome<Done> (*command)(const Options&, Call&)) {
  auto options = std::make_shared<Options>();
  CLI::App& made = leaf(parent, name, what, line,
                        [options, command](Call& call) { return command(*options, call); });
  return {made, *options};
}

inline void add_cost(CLI::App& app, CostOptions& cost) {
  app.add_option("--memory", cost.memory,
                 "Memory one guess at the passphrase costs (64MiB to 2GiB; default 256MiB)")
      ->transform(CLI::AsSizeValue(false));
  app.add_option("--passes", cost.passes, "Passes over it (1 to 10; default 3)");
}

// The vault, its passphrase, and for whom it signs its journal.
inline void add_vault(CLI::App& app, VaultOptions& options) {
  app.add_option("--vault", options.vault, "Folder of the vault")->type_name("DIR")->required();
  program::add_passphrase_options(app, options.passphrase);
  app.add_option("--as", options.as,
                 "Your name in the roster, for the vault's journal (default: who imported last)")
      ->type_name("NAME");
}

// The keys, and the passphrases of both; the option --key.
inline CLI::Option& add_secrets(CLI::App& app, SecretSources& secrets) {
  CLI::Option* key = app.add_option("--key", secrets.key, "Folder of your keys")->type_name("DIR");
  program::add_passphrase_options(app, secrets.passphrase);
  auto* file = app.add_option("--vault-passphrase-file", secrets.vault_passphrase.file,
                              "If the vault has a passphrase of its own")
                   ->type_name("FILE");
  app.add_option("--vault-passphrase-fd", secrets.vault_passphrase.descriptor,
                 "The same from an open file descriptor")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N")
      ->excludes(file);
  return *key;
}

// The filters of incidents; an export says what it is for with an option of its own, and a set is
// not made of sets.
enum class Filters : std::uint8_t { kOfIncidents, kOfAnExport, kOfASet };
void add_filter(CLI::App& app, FilterOptions& filter, Filters which);

void add_keys(CLI::App& app, CommandLine& line);       // root, key
void add_rosters(CLI::App& app, CommandLine& line);    // roster
void add_logs(CLI::App& app, CommandLine& line);       // log, prove
void add_incidents(CLI::App& app, CommandLine& line);  // export, incidents, stats, codes
void add_sets(CLI::App& app, CommandLine& line);       // set
void add_work(CLI::App& app, CommandLine& line);       // work
void add_decisions(CLI::App& app, CommandLine& line);  // code, level, tag, note, link
void add_return(CLI::App& app, CommandLine& line);     // reply, withdrawals
void add_quorum(CLI::App& app, CommandLine& line);     // quorum, journal

}  // namespace resguardo::analyst
