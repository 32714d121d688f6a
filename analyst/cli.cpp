// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/cli.h"

#include <iostream>

#include "analyst/cli_parts.h"
#include "analyst/commands/ack.h"
#include "analyst/commands/bundles.h"
#include "analyst/commands/reports.h"
#include "analyst/commands/search.h"
#include "crypto/base/clock.h"

namespace resguardo::analyst {
namespace {

using program::ExitCode;

constexpr const char* kProgram = "resguardo-analyst";

void add_bundles(CLI::App& app, CommandLine& line) {
  auto [verify, verify_told] =
      leaf_with(app, "verify", "Check a bundle without any secret", line, verify_bundle);
  verify.add_option("BUNDLE", verify_told.bundle, "What `resguardo-bot export` made")->required();
  verify.add_option("--root", verify_told.root, "Root public key (hex or file)")->type_name("KEY");
  auto [import, import_told] = leaf_with(
      app, "import", "Open bundles, or parts of one, into the vault", line, import_bundles);
  import
      .add_option("BUNDLE", import_told.bundles,
                  "What `resguardo-bot export` made; parts in any order, now or later")
      ->required();
  import.add_option("--vault", import_told.vault, "Folder of the vault; made if there is none")
      ->required();
  add_secrets(import, import_told.secrets).required();
  import.add_option("--root", import_told.root,
                    "Root public key (hex or file); needed once, the vault remembers it");
  import.add_flag(
      "--despite-log", import_told.despite_log,
      "Take reports although the log shrank, forked or does not hold; nothing of such a "
      "log is kept");
  import.add_flag("--salvage", import_told.salvage, "Take what is whole of a damaged bundle");
  add_cost(import, import_told.cost);
}

void add_ack(CLI::App& app, CommandLine& line) {
  auto [ack, ack_told] =
      leaf_with(app, "ack", "Sign for the server which reports you opened", line, acknowledge);
  ack.add_option("--vault", ack_told.vault, "Folder of the vault")->type_name("DIR");
  add_secrets(ack, ack_told.secrets);
  ack.add_option("--out", ack_told.out, "File for the acknowledgement")->type_name("FILE");
  ack.add_option("--origin", ack_told.origin,
                 "The server's log, if the vault holds reports of several servers")
      ->type_name("NAME");
  ack.add_option("--show", ack_told.show, "Print an acknowledgement and do nothing else")
      ->type_name("FILE");
}

void add_reports(CLI::App& app, CommandLine& line) {
  auto [list, list_told] = leaf_with(app, "list", "One line for each report", line, list_reports);
  add_vault(list, list_told);
  auto [show, show_told] = leaf_with(app, "show", "One report as it was told", line, show_report);
  show.add_option("ID", show_told.id, "Its id, or how it begins")->required();
  show.add_option("--language", show_told.language,
                  "Language of the questions (default: as they were asked)")
      ->type_name("CODE");
  show.add_flag("--all", show_told.all, "Also what was superseded or retracted");
  add_vault(show, show_told.vault);
  auto [search, search_told] = leaf_with(
      app, "search", "Reports whose testimony has all of these words", line, search_reports);
  search
      .add_option("WORD", search_told.words,
                  "A word, \"some words\" that stand together, or the beginning of one*; accents "
                  "and capitals do not matter")
      ->required();
  search.add_option("--limit", search_told.limit, "Show at most so many (default 50)")
      ->check(CLI::Range(1, 100000))
      ->type_name("N");
  add_vault(search, search_told.vault);
}

}  // namespace

ExitCode run_command_line(int argc, char** argv) {
  CommandLine line;
  CLI::App app("Opens, reads and exports sealed reports, offline.", kProgram);
  app.require_subcommand(1);
  add_keys(app, line);
  add_rosters(app, line);
  add_bundles(app, line);
  add_ack(app, line);
  add_reports(app, line);
  add_incidents(app, line);
  add_sets(app, line);
  add_work(app, line);
  add_decisions(app, line);
  add_logs(app, line);
  add_return(app, line);
  add_quorum(app, line);
  program::finish_commands(app, std::string(kProgram) + " " + RESGUARDO_VERSION);
  if (const auto done = program::parse_command_line(app, argc, argv)) return *done;
  program::Console console(kProgram, std::cout, std::cerr, line.json);
  SystemRandom ids;
  Call call{console, ids, SystemClock().now()};
  return program::conclude(console, line.action(call));
}

}  // namespace resguardo::analyst
