// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/cli.h"

#include <functional>
#include <iostream>

#include "analyst/commands/ack.h"
#include "analyst/commands/bundles.h"
#include "analyst/commands/keys.h"
#include "analyst/commands/reports.h"
#include "analyst/commands/rosters.h"
#include "crypto/base/clock.h"
#include "program/command_line.h"

namespace resguardo::analyst {
namespace {

using program::ExitCode;
using program::Outcome;
using Action = std::function<Outcome<Done>(Call&)>;

constexpr const char* kProgram = "resguardo-analyst";

// Everything a command line can say.
struct CommandLine {
  bool json = false;
  Action action;
  RootCreateOptions root_create;
  KeyCreateOptions key_create;
  KeyPublicOptions key_public;
  std::filesystem::path fingerprint;
  RosterCreateOptions roster_create;
  RosterSignOptions roster_sign;
  std::filesystem::path roster_show;
  RosterVerifyOptions roster_verify;
  VerifyOptions verify;
  ImportOptions import;
  AckOptions ack;
  VaultOptions list;
  ShowOptions show;
  ExportOptions exporting;
};

CLI::App& command(CLI::App& parent, const char* name, const char* what) {
  CLI::App* made = parent.add_subcommand(name, what);
  return *made;
}

CLI::App& group(CLI::App& parent, const char* name, const char* what) {
  CLI::App& made = command(parent, name, what);
  made.require_subcommand(1);
  return made;
}

// A command that does something: --json, and what to run when it was named.
CLI::App& leaf(CLI::App& parent, const char* name, const char* what, CommandLine& line,
               Action action) {
  CLI::App& made = command(parent, name, what);
  made.add_flag("--json", line.json, "Print data as JSON");
  made.callback([&line, action = std::move(action)] { line.action = action; });
  return made;
}

void add_cost(CLI::App& app, CostOptions& cost) {
  app.add_option("--memory", cost.memory,
                 "Memory one guess at the passphrase costs (64MiB to 2GiB; default 256MiB)")
      ->transform(CLI::AsSizeValue(false));
  app.add_option("--passes", cost.passes, "Passes over it (1 to 10; default 3)");
}

void add_vault(CLI::App& app, VaultOptions& options) {
  app.add_option("--vault", options.vault, "Folder of the vault")->type_name("DIR")->required();
  program::add_passphrase_options(app, options.passphrase);
}

// The keys, and the passphrases of both; the option --key.
CLI::Option& add_secrets(CLI::App& app, SecretSources& secrets) {
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

void add_root(CLI::App& app, CommandLine& line) {
  CLI::App& root = group(app, "root", "The organisation's root key, which signs rosters");
  auto& create = leaf(root, "create", "Make a root key: FILE, locked, and FILE.pub", line,
                      [&line](Call& call) { return root_create(line.root_create, call); });
  create.add_option("--out", line.root_create.out, "File for the locked key")
      ->type_name("FILE")
      ->required();
  create.add_option("--label", line.root_create.label, "Whose key it is")
      ->type_name("NAME")
      ->default_val("root");
  program::add_passphrase_options(create, line.root_create.passphrase);
  add_cost(create, line.root_create.cost);
}

void add_key(CLI::App& app, CommandLine& line) {
  CLI::App& key = group(app, "key", "An analyst's keys");
  auto& create = leaf(key, "create", "Make a folder of keys", line,
                      [&line](Call& call) { return key_create(line.key_create, call); });
  create.add_option("--out", line.key_create.out, "Folder for the keys")
      ->type_name("DIR")
      ->required();
  create.add_option("--label", line.key_create.label, "Name shown in rosters")
      ->type_name("NAME")
      ->required();
  create.add_option("--weeks", line.key_create.weeks, "How many weeks ahead")
      ->default_val(53)
      ->check(CLI::Range(1, 106));
  program::add_passphrase_options(create, line.key_create.passphrase);
  add_cost(create, line.key_create.cost);
  auto& publish = leaf(key, "public", "Print the public half, for the roster", line,
                       [&line](Call& call) { return key_public(line.key_public, call); });
  publish.add_option("--key", line.key_public.key, "Folder of the keys")
      ->type_name("DIR")
      ->required();
  publish.add_option("--out", line.key_public.out, "File for it, instead of printing it")
      ->type_name("FILE");
  auto& aloud = leaf(key, "fingerprint", "Five groups of five digits, for reading aloud", line,
                     [&line](Call& call) { return key_fingerprint(line.fingerprint, call); });
  aloud.add_option("KEY", line.fingerprint, "Folder of keys, public half, or root.pub")->required();
}

void add_roster_create(CLI::App& roster, CommandLine& line) {
  RosterCreateOptions& options = line.roster_create;
  auto& create = leaf(roster, "create", "Make a draft: the first roster, or the next one", line,
                      [&line](Call& call) { return roster_create(line.roster_create, call); });
  create.add_option("--out", options.out, "File for the draft")->type_name("FILE")->required();
  create.add_option("--from", options.from, "The signed roster that this one follows")
      ->type_name("FILE");
  create.add_option("--root", options.root, "With --from: who signed it (hex or file)")
      ->type_name("KEY");
  create.add_option("--add", options.add, "Public half of a member to add (repeatable)")
      ->type_name("FILE");
  create.add_option("--organisation", options.organisation, "Of the members added")
      ->type_name("NAME");
  create.add_flag("--without-identity", options.without_identity,
                  "The members added read testimonies, not names and contacts");
  create.add_option("--renew", options.renew, "Public half with a newer list of keys")
      ->type_name("FILE");
  create.add_option("--revoke", options.revoke, "Id of a member who reads nothing from then on")
      ->type_name("ID");
  create.add_option("--expires", options.expires, "Last day of validity (default: in a year)")
      ->type_name("DAY");
  create.add_option("--log-key", options.log_keys, "The server's log key (hex or file)")
      ->type_name("KEY");
  create.add_option("--log-origin", options.log_origin, "The log's name")->type_name("NAME");
}

void add_roster(CLI::App& app, CommandLine& line) {
  CLI::App& roster = group(app, "roster", "Who is vetted to read");
  add_roster_create(roster, line);
  auto& sign = leaf(roster, "sign", "Sign a draft with the root key", line,
                    [&line](Call& call) { return roster_sign(line.roster_sign, call); });
  sign.add_option("DRAFT", line.roster_sign.draft, "What `roster create` made")->required();
  sign.add_option("--root-key", line.roster_sign.root_key, "The locked root key")
      ->type_name("FILE")
      ->required();
  sign.add_option("--out", line.roster_sign.out, "File for the signed roster")
      ->type_name("FILE")
      ->required();
  program::add_passphrase_options(sign, line.roster_sign.passphrase);
  auto& show = leaf(roster, "show", "Print a draft or a roster; checks no signature", line,
                    [&line](Call& call) { return roster_show(line.roster_show, call); });
  show.add_option("FILE", line.roster_show, "Draft or signed roster")->required();
  auto& verify = leaf(roster, "verify", "Check a signed roster as a server would", line,
                      [&line](Call& call) { return roster_verify(line.roster_verify, call); });
  verify.add_option("FILE", line.roster_verify.file, "Signed roster")->required();
  verify.add_option("--root", line.roster_verify.root, "Root public key (hex or file)")
      ->type_name("KEY")
      ->required();
}

void add_bundles(CLI::App& app, CommandLine& line) {
  auto& verify = leaf(app, "verify", "Check a bundle without any secret", line,
                      [&line](Call& call) { return verify_bundle(line.verify, call); });
  verify.add_option("BUNDLE", line.verify.bundle, "What `resguardo-bot export` made")->required();
  verify.add_option("--root", line.verify.root, "Root public key (hex or file)")->type_name("KEY");
  auto& import = leaf(app, "import", "Open bundles, or parts of one, into the vault", line,
                      [&line](Call& call) { return import_bundles(line.import, call); });
  import
      .add_option("BUNDLE", line.import.bundles,
                  "What `resguardo-bot export` made; parts in any order, now or later")
      ->required();
  import.add_option("--vault", line.import.vault, "Folder of the vault; made if there is none")
      ->required();
  add_secrets(import, line.import.secrets).required();
  import.add_option("--root", line.import.root,
                    "Root public key (hex or file); needed once, the vault remembers it");
  import.add_flag("--salvage", line.import.salvage, "Take what is whole of a damaged bundle");
  add_cost(import, line.import.cost);
}

void add_ack(CLI::App& app, CommandLine& line) {
  auto& ack = leaf(app, "ack", "Sign for the server which reports you opened", line,
                   [&line](Call& call) { return acknowledge(line.ack, call); });
  ack.add_option("--vault", line.ack.vault, "Folder of the vault")->type_name("DIR");
  add_secrets(ack, line.ack.secrets);
  ack.add_option("--out", line.ack.out, "File for the acknowledgement")->type_name("FILE");
  ack.add_option("--origin", line.ack.origin,
                 "The server's log, if the vault holds reports of several servers")
      ->type_name("NAME");
  ack.add_option("--show", line.ack.show, "Print an acknowledgement and do nothing else")
      ->type_name("FILE");
}

void add_reports(CLI::App& app, CommandLine& line) {
  auto& list = leaf(app, "list", "One line for each report", line,
                    [&line](Call& call) { return list_reports(line.list, call); });
  add_vault(list, line.list);
  auto& show = leaf(app, "show", "One report as it was told", line,
                    [&line](Call& call) { return show_report(line.show, call); });
  show.add_option("ID", line.show.id, "Its id, or how it begins")->required();
  show.add_option("--language", line.show.language,
                  "Language of the questions (default: as they were asked)")
      ->type_name("CODE");
  show.add_flag("--all", line.show.all, "Also what was superseded or retracted");
  add_vault(show, line.show.vault);
  auto& exporting = leaf(app, "export", "Write reports to a file and a manifest beside it", line,
                         [&line](Call& call) { return export_reports(line.exporting, call); });
  exporting.add_option("--format", line.exporting.format, "csv or ndjson")
      ->type_name("NAME")
      ->required();
  exporting.add_option("--out", line.exporting.out, "The file; never overwritten")
      ->type_name("FILE")
      ->required();
  add_vault(exporting, line.exporting.vault);
}

}  // namespace

ExitCode run_command_line(int argc, char** argv) {
  CommandLine line;
  CLI::App app("Opens, reads and exports sealed reports, offline.", kProgram);
  app.require_subcommand(1);
  add_root(app, line);
  add_key(app, line);
  add_roster(app, line);
  add_bundles(app, line);
  add_ack(app, line);
  add_reports(app, line);
  program::finish_commands(app, std::string(kProgram) + " " + RESGUARDO_VERSION);
  if (const auto done = program::parse_command_line(app, argc, argv)) return *done;
  program::Console console(kProgram, std::cout, std::cerr, line.json);
  SystemRandom ids;
  Call call{console, ids, SystemClock().now()};
  return program::conclude(console, line.action(call));
}

}  // namespace resguardo::analyst
