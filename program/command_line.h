// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

// The only header that includes CLI11, which costs 14 s a unit: one unit per program includes it.
#include <CLI/CLI.hpp>
#include <iostream>
#include <optional>
#include <string>

#include "program/exit_code.h"
#include "program/passphrase.h"
#include "program/terminal.h"

namespace resguardo::program {

// --help and --version on `app` and everything below it; call it when all commands are there.
inline void finish_commands(CLI::App& app, const std::string& version) {
  app.set_help_flag("-h,--help", "Print this help and exit");
  if (app.get_version_ptr() == nullptr)
    app.set_version_flag("--version", version, "Print the version and exit");
  for (CLI::App* below : app.get_subcommands({})) finish_commands(*below, version);
}

// nullopt: parsed, go on. Help and version were asked for: printed, kDone. A wrong command line:
// one line and where to read more, kUsage.
inline std::optional<ExitCode> parse_command_line(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::CallForHelp& call) {
    app.exit(call, std::cout, std::cerr);
  } catch (const CLI::CallForAllHelp& call) {
    app.exit(call, std::cout, std::cerr);
  } catch (const CLI::CallForVersion& call) {
    app.exit(call, std::cout, std::cerr);
  } catch (const CLI::ParseError& error) {
    std::string command = app.get_name();
    const CLI::App* deepest = &app;
    while (!deepest->get_subcommands().empty()) {
      deepest = deepest->get_subcommands().back();
      command += " " + deepest->get_name();
    }
    const auto unknown = deepest->remaining();
    const bool misspelt = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr &&
                          !deepest->get_subcommands({}).empty() && !unknown.empty();
    std::cerr << app.get_name() << ": "
              << (misspelt ? "no such command: " + visible(unknown.front()) : error.what())
              << "; see " << command << " --help\n";
    return ExitCode::kUsage;
  }
  std::cout.flush();
  return std::cout.good() ? ExitCode::kDone : ExitCode::kFailed;
}

inline void add_passphrase_options(CLI::App& command, PassphraseSource& source) {
  auto* file = command
                   .add_option("--passphrase-file", source.file,
                               "Read the passphrase from this file's first line")
                   ->type_name("FILE");
  command
      .add_option("--passphrase-fd", source.descriptor,
                  "Read the passphrase from this open file descriptor")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N")
      ->excludes(file);
}

}  // namespace resguardo::program
