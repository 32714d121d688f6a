// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/cli_parts.h"
#include "analyst/commands/keys.h"
#include "analyst/commands/paper.h"
#include "analyst/commands/retire.h"
#include "analyst/commands/root_shares.h"

namespace resguardo::analyst {
namespace {

void add_split_and_join(CLI::App& parent, CommandLine& line) {
  auto [split, told] =
      leaf_with(parent, "split", "Divide the root key among several people", line, root_split);
  split.add_option("--root-key", told.root_key, "The locked root key")
      ->type_name("FILE")
      ->required();
  split.add_option("--shares", told.shares, "How many people")->type_name("N")->required();
  split.add_option("--threshold", told.threshold, "How many of them make it again (2 or more)")
      ->type_name("M")
      ->required();
  split.add_option("--out", told.out, "Share 1 goes to NAME-1.txt")->type_name("NAME")->required();
  program::add_passphrase_options(split, told.passphrase);
  auto [join, joined] = leaf_with(
      parent, "join", "Make the root key again: FILE, locked anew, and FILE.pub", line, root_join);
  join.add_option("SHARE", joined.shares, "As many shares as it takes")->required();
  join.add_option("--out", joined.out, "File for the locked key")->type_name("FILE")->required();
  program::add_passphrase_options(join, joined.passphrase);
  add_cost(join, joined.cost);
}

void add_retire(CLI::App& key, CommandLine& line) {
  auto [retire, told] =
      leaf_with(key, "retire", "Destroy the key of a week whose reports are all in the vault", line,
                key_retire);
  retire.add_option("WEEK", told.week, "Such as 2026-W07")->required();
  retire.add_option("--vault", told.vault, "Folder of the vault that has its reports")
      ->type_name("DIR")
      ->required();
  retire
      .add_option(
          "--gone", told.gone,
          "Do not ask this server's log: it is no more, and the newest roster names another "
          "(repeatable)")
      ->type_name("LOG")
      ->allow_extra_args(false);
  retire.add_flag("--dry-run", told.dry_run, "Only say whether it may be done");
  add_secrets(retire, told.secrets).required();
}

void add_paper(CLI::App& key, CommandLine& line) {
  auto [paper, told] = leaf_with(
      key, "paper", "A page to print of a root, identity or researcher key or a root's share", line,
      key_paper);
  paper.add_option("KEY", told.key, "Locked key file, folder of keys (its identity), or share");
  paper
      .add_option("--read", told.read,
                  "What was typed or scanned from a page: gives the file again")
      ->type_name("FILE");
  paper.add_option("--out", told.out, "The page (HTML), or with --read the file")
      ->type_name("FILE")
      ->required();
}

void add_root(CLI::App& app, CommandLine& line) {
  CLI::App& root = group(app, "root", "The organisation's root key, which signs rosters");
  auto [create, options] =
      leaf_with(root, "create", "Make a root key: FILE, locked, and FILE.pub", line, root_create);
  create.add_option("--out", options.out, "File for the locked key")->type_name("FILE")->required();
  create.add_option("--label", options.label, "Whose key it is")
      ->type_name("NAME")
      ->default_val("root");
  program::add_passphrase_options(create, options.passphrase);
  add_cost(create, options.cost);
  add_split_and_join(root, line);
}

void add_key(CLI::App& app, CommandLine& line) {
  CLI::App& key = group(app, "key", "An analyst's keys");
  auto [create, made] = leaf_with(key, "create", "Make a folder of keys", line, key_create);
  create.add_option("--out", made.out, "Folder for the keys, or file")
      ->type_name("DIR")
      ->required();
  create.add_option("--label", made.label, "Name shown in rosters")->type_name("NAME")->required();
  create.add_option("--weeks", made.weeks, "How many weeks ahead")
      ->default_val(53)
      ->check(CLI::Range(1, 106));
  create.add_flag("--researcher", made.researcher,
                  "A field researcher's key instead: FILE, locked, and FILE.pub");
  program::add_passphrase_options(create, made.passphrase);
  add_cost(create, made.cost);
  auto [extend, extended] =
      leaf_with(key, "extend", "Add weeks up to a year ahead, and make the list that says so", line,
                key_extend);
  extend.add_option("--key", extended.key, "Folder of the keys")->type_name("DIR")->required();
  extend.add_option("--weeks", extended.weeks, "How many weeks from this one on")
      ->default_val(53)
      ->check(CLI::Range(1, 106));
  program::add_passphrase_options(extend, extended.passphrase);
  add_retire(key, line);
  add_paper(key, line);
  add_split_and_join(key, line);  // the root's, where people look for it
  auto [publish, half] =
      leaf_with(key, "public", "Print the public half, for the roster", line, key_public);
  publish.add_option("--key", half.key, "Folder of the keys")->type_name("DIR")->required();
  publish.add_option("--out", half.out, "File for it, instead of printing it")->type_name("FILE");
  auto [aloud, path] = leaf_with(
      key, "fingerprint", "Five groups of five digits, for reading aloud", line, key_fingerprint);
  aloud
      .add_option("KEY", path,
                  "Folder of keys, public half, public key (hex or file), locked key file, or "
                  "share")
      ->required();
}

}  // namespace

void add_keys(CLI::App& app, CommandLine& line) {
  add_root(app, line);
  add_key(app, line);
}

}  // namespace resguardo::analyst
