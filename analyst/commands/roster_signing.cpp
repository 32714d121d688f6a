// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>

#include "analyst/commands/roster_text.h"
#include "analyst/commands/rosters.h"
#include "analyst/import/roster_shelf.h"
#include "crypto/open/roster_maker.h"
#include "crypto/seal/roster_content.h"
#include "program/output_file.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using open::RosterDraft;
using program::at;
using program::Outcome;

// The roster by itself, or after others: then every one of them leads to the next.
Outcome<VerifiedRoster> verified(const RosterVerifyOptions& options, ByteView file,
                                 const PublicKey<RootRole>& root, Call& call) {
  const std::string where = options.file.string();
  if (options.after.empty()) return at(where, verify_alone(file, root, call.now));
  RosterShelf shelf(root);
  for (const auto& path : options.after) {
    RESGUARDO_TRY(const Bytes before, read_text_file(path));
    RESGUARDO_CHECK(at(path.string(), shelf.add(before)));
  }
  RESGUARDO_CHECK(at("--after", shelf.settled()));
  RESGUARDO_CHECK(at(where, shelf.add(file)));
  RESGUARDO_CHECK(at(where, shelf.settled(), "both roots sign the roster after an announcement"));
  RESGUARDO_TRY(const Bytes exact, at(where, roster_bytes(file)));
  for (const auto& entry : shelf.entries())
    if (equal(entry.roster.file(), exact)) {
      if (entry.roster.expired(call.now))
        return program::Problem{where, "the roster has expired", "ask the authority for a new one"};
      return entry.roster;
    }
  return program::Problem{where, "is not believed", ""};
}

void print_verified(const VerifiedRoster& roster, Call& call) {
  const int days = roster.days_of_keys_left(call.now);
  const RosterAnchor anchor = roster.anchor();
  std::size_t active = 0;
  for (const auto& member : roster.members()) active += member.active ? 1U : 0U;
  if (call.console.json()) {
    call.console.print(json::object{{"number", anchor.number},
                                    {"digest", to_hex(anchor.digest.view())},
                                    {"expires", to_string(roster.expires())},
                                    {"root", to_hex(anchor.root->view())},
                                    {"activeMembers", active},
                                    {"daysOfKeysLeft", days}});
    return;
  }
  call.console.print("roster " + std::to_string(anchor.number) +
                     " is signed by this root, valid through " + to_string(roster.expires()) +
                     "; " + std::to_string(active) + " active members, epoch keys for " +
                     std::to_string(days) + " days\n");
  if (*anchor.root != *anchor.pin)
    call.console.print("It changes the root. From then on signs  " + fingerprint(*anchor.root) +
                       "\n");
  if (anchor.next_root)
    call.console.print("The next one is signed by this root too  " +
                       fingerprint(*anchor.next_root) + "\n");
}

}  // namespace

Outcome<Done> roster_sign(const RosterSignOptions& options, Call& call) {
  const std::string where = options.draft.string();
  RESGUARDO_TRY(const Bytes text, read_text_file(options.draft));
  RESGUARDO_TRY(auto draft, at(where, RosterDraft::parse(text)));
  print_roster({draft.view(), {}, draft.still_to_sign()}, call);
  RESGUARDO_TRY(const Bytes key_file, read_text_file(options.root_key));
  RESGUARDO_TRY(const auto passphrase,
                program::read_passphrase(options.passphrase, "Passphrase of the root key", false));
  RESGUARDO_TRY(const auto root,
                at(options.root_key.string(), open::unlock_key<RootRole>(key_file, passphrase)));
  RESGUARDO_CHECK(at(where, draft.add_signature(root),
                     "`roster show` says whose signature it waits for, if it is a root's"));
  const auto missing = draft.still_to_sign();
  if (missing.empty()) {
    RESGUARDO_TRY(const auto file, at(where, draft.finished()));
    return program::write_new_file(options.out, as_bytes(file));
  }
  RESGUARDO_TRY(const auto file, at(where, draft.text()));
  RESGUARDO_CHECK(program::write_new_file(options.out, as_bytes(file)));
  call.console.note("Not finished: root " + fingerprint(missing.front()) +
                    " signs too. Take it there and `roster sign` it again.");
  return Done{};
}

Outcome<Done> roster_show(const std::filesystem::path& file, Call& call) {
  RESGUARDO_TRY(const Bytes text, read_text_file(file));
  if (as_text(text).starts_with("-----BEGIN RESGUARDO ROSTER DRAFT")) {
    RESGUARDO_TRY(const auto draft, at(file.string(), RosterDraft::parse(text)));
    print_roster({draft.view(), {}, draft.still_to_sign()}, call);
  } else {
    RESGUARDO_TRY(const auto parsed, at(file.string(), read_roster_file(text)));
    RESGUARDO_CHECK(at(file.string(), check_unsigned_roster(parsed)));
    ShownRoster shown{open::view_of(parsed), {}, {}};
    for (const auto& signature : parsed.roster().signatures())
      if (const auto key = PublicKey<RootRole>::from_bytes(as_bytes(signature.public_key()));
          key.ok())
        shown.signers.push_back(*key);
    print_roster(shown, call);
  }
  call.console.note("No signature was checked: `roster verify` does that.");
  return Done{};
}

Outcome<Done> roster_verify(const RosterVerifyOptions& options, Call& call) {
  RESGUARDO_TRY(const auto root, read_public_key<RootRole>(options.root, "--root"));
  RESGUARDO_TRY(const Bytes file, read_text_file(options.file));
  RESGUARDO_TRY(const auto roster, verified(options, file, root, call));
  print_verified(roster, call);
  const RosterAnchor anchor = roster.anchor();
  if (*anchor.root != *anchor.pin && options.after.empty())
    call.console.note(
        "That the change was announced is not checked: give the roster before with --after.");
  return Done{};
}

}  // namespace resguardo::analyst
