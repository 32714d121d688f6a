// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/cli.h"

#include <functional>
#include <iostream>

#include "bot/commands/commands.h"
#include "program/command_line.h"

namespace resguardo {
namespace {

using program::Console;
using program::ExitCode;
using Run = std::function<ExitCode(Console&)>;

CLI::App* add_command(CLI::App& app, const char* name, const char* help, bool& json, bool data) {
  CLI::App* command = app.add_subcommand(name, help);
  if (data) command->add_flag("--json", json, "Print data as JSON, for scripts");
  return command;
}

void add_config(CLI::App* command, std::filesystem::path& file) {
  command->add_option("--config", file, "The configuration that `init` wrote")->required();
}

void add_retention_commands(CLI::App& app, bool& json, commands::InstallOptions& install,
                            commands::RetentionOptions& retention, Run& run) {
  CLI::App* ack = app.add_subcommand("ack", "What analysts say to have opened");
  ack->require_subcommand(1);
  CLI::App* command = add_command(
      *ack, "install",
      "Take an analyst's acknowledgement (`resguardo-analyst ack`): reports go when enough members "
      "have given one and the days of [retention] have passed. Also while the server runs",
      json, true);
  add_config(command, install.config);
  command->add_option("ACK", install.file, "The signed acknowledgement")->required();
  command->callback(
      [&] { run = [&](Console& console) { return commands::install_ack(install, console); }; });
  command = add_command(app, "retention",
                        "Erase the reports that are due, as `serve` does once a day; also while it "
                        "runs",
                        json, true);
  add_config(command, retention.config);
  command->add_flag("--dry-run", retention.dry_run, "Erase nothing: show what goes when");
  command->callback(
      [&] { run = [&](Console& console) { return commands::retention(retention, console); }; });
}

void add_deliver(CLI::App& app, bool& json, commands::InstallOptions& options, Run& run) {
  CLI::App* command = add_command(
      app, "deliver",
      "Keep what analysts answer (`resguardo-analyst reply`) until each reporter comes back with "
      "the receipt; the server cannot read it. Also while it runs",
      json, true);
  add_config(command, options.config);
  command->add_option("REPLIES", options.file, "The signed replies")->required();
  command->callback(
      [&] { run = [&](Console& console) { return commands::deliver(options, console); }; });
}

void add_restore(CLI::App& app, bool& json, commands::RestoreOptions& options, Run& run) {
  CLI::App* command =
      add_command(app, "restore",
                  "Make a new data directory of a backup; the server is off, or lost", json, true);
  add_config(command, options.config);
  command->add_option("--backup", options.backup, "The newest one that `backup` wrote")->required();
  command->add_option(
      "--slots", options.slots,
      "The newest resguardo-slots-… of that server; else the one beside the backup");
  command->add_option("--checkpoint", options.checkpoint,
                      "The newest checkpoint that an analyst holds (`resguardo-analyst log show`)");
  command->add_flag("--none-newer", options.none_newer,
                    "No analyst holds a newer checkpoint than that one; without --checkpoint: than "
                    "the one in the backup");
  command->add_option("--roster", options.rosters,
                      "A roster that the backup does not have; again for each, in their order");
  command
      ->add_option("--damaged", options.damaged,
                   "How many reports to give up whose key cannot be read; asked for when there are "
                   "any")
      ->type_name("N");
  command
      ->add_option("--erased", options.erased,
                   "How many reports were erased since the backup; asked for when there are any")
      ->type_name("N");
  command->footer(
      "Before: the configuration at its place, the master key as [store] has it, and no data\n"
      "directory (or an empty one). It appears whole or not at all.\n\n"
      "Gone are conversations that were open, and what came after the backup. What was erased\n"
      "since stays erased. The log gets a new key and begins anew with an entry RESTART, which\n"
      "names the checkpoint that the log before ended with; analysts are told so at the next\n"
      "import. No bundle can be written before a roster with the new key and another --log-origin\n"
      "is installed: the command prints what the authority needs.");
  command->callback(
      [&] { run = [&](Console& console) { return commands::restore(options, console); }; });
}

void add_team_code_commands(CLI::App& app, bool& json, commands::TeamCodeOptions& options,
                            Run& run) {
  CLI::App* codes = app.add_subcommand(
      "team-code", "Codes with which field researchers interview; while the server is stopped");
  codes->footer(
      "The server holds its store while it runs: stop it (systemctl stop resguardo-bot), give the\n"
      "command, start it again (systemctl start resguardo-bot). Messages that come meanwhile are\n"
      "taken when it runs again. docs/team-codes.md says the rest.");
  codes->require_subcommand(1);
  CLI::App* command = add_command(
      *codes, "add",
      "Make codes and show them, once; write down who gets which: the server never knows. Stop "
      "the server before and start it after",
      json, true);
  add_config(command, options.config);
  command->add_option("--count", options.count, "How many")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100}));
  command->callback(
      [&] { run = [&](Console& console) { return commands::add_team_codes(options, console); }; });
  command = add_command(
      *codes, "list",
      "The codes that are good, by handle; never the codes. While the server is stopped", json,
      true);
  add_config(command, options.config);
  command->callback(
      [&] { run = [&](Console& console) { return commands::list_team_codes(options, console); }; });
  command =
      add_command(*codes, "remove",
                  "Withdraw codes: what was sealed with them stays. Stop the server before and "
                  "start it after",
                  json, false);
  add_config(command, options.config);
  command->add_option("HANDLE", options.handles, "As `list` has them: team-7")->required();
  command->callback([&] {
    run = [&](Console& console) { return commands::remove_team_codes(options, console); };
  });
}

}  // namespace

ExitCode run_bot(int argc, char** argv) {
  CLI::App app("Takes testimonies from messengers and seals them for analysts; cannot open them.",
               "resguardo-bot");
  app.require_subcommand(1);
  bool json = false;
  Run run;
  commands::InitOptions init;
  commands::ConfigOptions config;
  commands::CheckOptions checked;
  commands::ExportOptions bundle;
  commands::BackupOptions copy;
  commands::ClockOptions clock;
  commands::InstallOptions install;
  commands::InstallOptions acknowledgement;
  commands::InstallOptions replies;
  commands::RetentionOptions retention;
  commands::TeamCodeOptions codes;
  commands::RestoreOptions restored;

  CLI::App* command =
      add_command(app, "init", "Make keys, a configuration and an empty store", json, true);
  command->add_option("--dir", init.directory, "A new directory")->required();
  command->add_option("--form", init.form, "A questionnaire to put there (*.txtpb)");
  command->callback([&] { run = [&](Console& console) { return commands::init(init, console); }; });

  command = add_command(app, "check",
                        "Say what would stop `serve`, with the mend; also while the server runs",
                        json, true);
  add_config(command, checked.config);
  command->add_flag("--deep", checked.deep,
                    "Read everything that is stored, too: every page, every report's rows, key "
                    "and entry in the log, and the log; minutes in a large store");
  command->callback(
      [&] { run = [&](Console& console) { return commands::check(checked, console); }; });

  command =
      add_command(app, "serve", "Run the server; SIGTERM ends it, SIGHUP reloads", json, false);
  add_config(command, config.config);
  command->callback(
      [&] { run = [&](Console& console) { return commands::serve(config, console); }; });

  command = add_command(app, "status",
                        "How the server and its store are, and what to look after; also while it "
                        "runs",
                        json, true);
  add_config(command, config.config);
  command->callback(
      [&] { run = [&](Console& console) { return commands::status(config, console); }; });

  command = add_command(app, "backup",
                        "Write an encrypted copy of the closed reports, read back; also while the "
                        "server runs",
                        json, true);
  add_config(command, copy.config);
  command
      ->add_option("--out", copy.out,
                   "The backup; must not exist. Beside it the file resguardo-slots-… is replaced, "
                   "which all backups of this server share")
      ->required();
  command->callback(
      [&] { run = [&](Console& console) { return commands::back_up(copy, console); }; });

  add_restore(app, json, restored, run);

  command =
      add_command(app, "rekey",
                  "Write the report store anew under another random key and destroy the old "
                  "one; also while the server runs. The data directory needs room for a copy; "
                  "backups of before keep the key of before, under the master key",
                  json, true);
  add_config(command, config.config);
  command->callback(
      [&] { run = [&](Console& console) { return commands::rekey(config, console); }; });

  command = add_command(app, "clock",
                        "Say whether this machine's clock is believed; confirm it after the server "
                        "was off for long",
                        json, true);
  add_config(command, clock.config);
  command
      ->add_option(
          "--today", clock.today,
          "Today's date in UTC, read from another clock than this machine's: the machine's "
          "is believed from now on if it says the same")
      ->type_name("YYYY-MM-DD");
  command->callback(
      [&] { run = [&](Console& console) { return commands::clock(clock, console); }; });

  CLI::App* roster = app.add_subcommand("roster", "The roster of who reads");
  roster->require_subcommand(1);
  command = roster->add_subcommand(
      "install",
      "Check a roster as `serve` would and put it where [roster] path says; a running "
      "server takes it within seconds");
  command->add_flag("--json", json, "Print data as JSON, for scripts");
  add_config(command, install.config);
  command->add_option("ROSTER", install.file, "The signed roster")->required();
  command->callback(
      [&] { run = [&](Console& console) { return commands::install_roster(install, console); }; });

  add_retention_commands(app, json, acknowledgement, retention, run);
  add_deliver(app, json, replies, run);
  add_team_code_commands(app, json, codes, run);

  command = add_command(
      app, "export",
      "Write a bundle of sealed reports for the analysts; also while the server runs", json, true);
  add_config(command, bundle.config);
  command->add_option("--out", bundle.out, "The bundle; must not exist")->required();
  command
      ->add_option("--split", bundle.split,
                   "Write parts BUNDLE.001, BUNDLE.002 … none larger than this: 600MiB; 4000MB for "
                   "a FAT stick")
      ->type_name("SIZE")
      ->transform(CLI::AsSizeValue(true));
  command
      ->add_option("--since", bundle.since,
                   "Only what the log has new after this checkpoint, and its reports; the file is "
                   "what `resguardo-analyst log show` prints")
      ->type_name("CHECKPOINT");
  command->callback(
      [&] { run = [&](Console& console) { return commands::export_bundle(bundle, console); }; });

  program::finish_commands(app, std::string("resguardo-bot ") + RESGUARDO_VERSION);
  if (const auto done = program::parse_command_line(app, argc, argv)) return *done;
  Console console("resguardo-bot", std::cout, std::cerr, json);
  return run(console);
}

}  // namespace resguardo
