// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/cli_parts.h"
#include "analyst/commands/rosters.h"

namespace resguardo::analyst {
namespace {

constexpr const char* kReads = "What they open: testimony, identity or both (default: both)";

// What every command that makes a draft is told.
void add_terms(CLI::App& app, RosterEditOptions& options) {
  app.add_option("--root", options.root, "With a signed --from: who signed it (hex or file)")
      ->type_name("KEY");
  app.add_option("--out", options.out, "File for the draft")->type_name("FILE")->required();
  app.add_option("--expires", options.expires, "Last day of validity (default: in a year)")
      ->type_name("DAY");
  app.add_option("--log-key", options.log_keys, "The server's log key (hex or file)")
      ->type_name("KEY");
  app.add_option("--log-origin", options.log_origin, "The log's name")->type_name("NAME");
  app.add_option("--identity-quorum", options.identity_quorum,
                 "So many of each organisation open the identity together (repeatable)")
      ->type_name("NAME=N");
  app.add_option("--testimony-quorum", options.testimony_quorum, "The same of the testimony")
      ->type_name("NAME=N");
  app.add_flag("--identity-any", options.identity_any, "Any one reader opens the identity again");
  app.add_flag("--testimony-any", options.testimony_any, "The same of the testimony");
  app.add_option("--next-root", options.next_root,
                 "Announce a new root (hex or file): both sign the roster after this one")
      ->type_name("KEY");
}

void add_create(CLI::App& roster, CommandLine& line) {
  auto [create, options] = leaf_with(
      roster, "create", "Make a draft: the first roster, or the next one", line, roster_edit);
  create.add_option("--from", options.from, "The signed roster that this one follows, or a draft")
      ->type_name("FILE");
  add_terms(create, options);
  create
      .add_option("--replace-root", options.replace_root,
                  "The old root is lost: this one signs alone (hex or file)")
      ->type_name("KEY");
  create.add_option("--add", options.add, "Public half of a member to add (repeatable)")
      ->type_name("FILE");
  create.add_option("--organisation", options.organisation, "Of the members added")
      ->type_name("NAME");
  create.add_option("--reads", options.reads, kReads)->type_name("WHAT");
  create.add_flag("--without-identity", options.without_identity, "The same as --reads testimony");
  create.add_option("--renew", options.renew, "Public half with a newer list of keys")
      ->type_name("FILE");
  create.add_option("--revoke", options.revoke, "Id of a member who reads nothing from then on")
      ->type_name("ID");
}

// A command that changes one thing of the roster before.
std::pair<CLI::App&, RosterEditOptions&> add_change(CLI::App& roster, const char* name,
                                                    const char* what, CommandLine& line) {
  auto made = leaf_with(roster, name, what, line, roster_edit);
  made.first
      .add_option("--from", made.second.from, "The signed roster that this one follows, or a draft")
      ->type_name("FILE")
      ->required();
  add_terms(made.first, made.second);
  return made;
}

void add_changes(CLI::App& roster, CommandLine& line) {
  auto [add, added] = add_change(roster, "add", "Draft the next roster with more members", line);
  add.add_option("MEMBER", added.add, "Public halves, of `key public`")->required();
  add.add_option("--organisation", added.organisation, "Theirs")->type_name("NAME")->required();
  add.add_option("--reads", added.reads, kReads)->type_name("WHAT");
  auto [witness, witnessed] =
      add_change(roster, "witness",
                 "Draft the next roster with another organisation's witness of the log", line);
  witness.add_option("NAME", witnessed.witness, "What the roster calls it")->required();
  witness
      .add_option("KEY", witnessed.witness_key,
                  "Its key as it publishes it (name+id+base64), in hex, or in a file")
      ->required();
  witness.add_option("--organisation", witnessed.organisation, "Its own")
      ->type_name("NAME")
      ->required();
  auto [renew, renewed] =
      add_change(roster, "renew", "Draft the next roster with newer lists of keys", line);
  renew.add_option("MEMBER", renewed.renew, "Public halves, after `key extend`")->required();
  auto [revoke, revoked] =
      add_change(roster, "revoke", "Draft the next roster: these read nothing from then on", line);
  revoke.add_option("ID", revoked.revoke, "Ids, as `roster show` prints them")->required();
  auto [suspend, suspended] =
      add_change(roster, "suspend", "The same for a while: `roster restore` ends it", line);
  suspend.add_option("ID", suspended.suspend, "Ids, as `roster show` prints them")->required();
  auto [restore, restored] = add_change(
      roster, "restore", "Draft the next roster with who was suspended or revoked", line);
  restore.add_option("MEMBER", restored.restore, "Public halves as they are now")->required();
  restore.add_option("--reads", restored.reads, kReads)->type_name("WHAT");
  auto [reads, changed] =
      add_change(roster, "reads", "Draft the next roster: these open something else", line);
  reads.add_option("ID", changed.let_read, "Ids, as `roster show` prints them")->required();
  reads.add_option("--reads", changed.reads, kReads)->type_name("WHAT")->required();
}

}  // namespace

void add_rosters(CLI::App& app, CommandLine& line) {
  CLI::App& roster = group(app, "roster", "Who is vetted to read");
  add_create(roster, line);
  add_changes(roster, line);
  auto [sign, signing] =
      leaf_with(roster, "sign", "Sign a draft with a root key", line, roster_sign);
  sign.add_option("DRAFT", signing.draft, "What `roster create` made, or another root signed")
      ->required();
  sign.add_option("--root-key", signing.root_key, "The locked root key")
      ->type_name("FILE")
      ->required();
  sign.add_option("--out", signing.out, "File for the signed roster")
      ->type_name("FILE")
      ->required();
  program::add_passphrase_options(sign, signing.passphrase);
  auto [show, shown] = leaf_with(roster, "show", "Print a draft or a roster; checks no signature",
                                 line, roster_show);
  show.add_option("FILE", shown, "Draft or signed roster")->required();
  auto [verify, verified] =
      leaf_with(roster, "verify", "Check a signed roster as a server would", line, roster_verify);
  verify.add_option("FILE", verified.file, "Signed roster")->required();
  verify.add_option("--root", verified.root, "Root public key (hex or file)")
      ->type_name("KEY")
      ->required();
  verify.add_option("--after", verified.after, "Rosters before it that it must continue")
      ->type_name("FILE");
}

}  // namespace resguardo::analyst
