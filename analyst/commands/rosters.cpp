// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/rosters.h"

#include <boost/json.hpp>

#include "analyst/import/roster_shelf.h"
#include "crypto/format/armour.h"
#include "crypto/format/strict_parse.h"
#include "crypto/open/roster_maker.h"
#include "program/json_output.h"
#include "program/output_file.h"
#include "program/terminal.h"
#include "proto/roster.pb.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using open::RosterDraft;
using program::at;
using program::Outcome;

Outcome<RosterDraft> start(const RosterCreateOptions& options) {
  if (!options.from) return RosterDraft::first();
  const std::string where = options.from->string();
  if (options.root.empty())
    return program::usage_problem("--root", "is needed with --from",
                                  "give the root's public key, so that the roster is checked");
  RESGUARDO_TRY(const auto root, read_public_key<RootRole>(options.root, "--root"));
  RESGUARDO_TRY(const Bytes file, read_text_file(*options.from));
  return at(where, RosterDraft::following(file, root));
}

Outcome<open::MemberPublic> read_member(const std::filesystem::path& path) {
  RESGUARDO_TRY(const Bytes text, read_text_file(path));
  return at(path.string(), open::MemberPublic::parse(text));
}

Outcome<Done> change_members(const RosterCreateOptions& options, RosterDraft& draft, Call& call) {
  if (!options.add.empty() && options.organisation.empty())
    return program::usage_problem("--organisation", "is needed with --add");
  for (const auto& path : options.add) {
    RESGUARDO_TRY(const auto member, read_member(path));
    RESGUARDO_CHECK(
        at(path.string(), draft.add_member(member, options.organisation,
                                           {true, !options.without_identity}, call.ids)));
  }
  for (const auto& path : options.renew) {
    RESGUARDO_TRY(const auto member, read_member(path));
    RESGUARDO_CHECK(at(path.string(), draft.renew_list(member)));
  }
  for (const std::string& text : options.revoke) {
    const auto bytes = parse_hex(text);
    const auto id = bytes.ok() ? MemberId::from(*bytes) : std::nullopt;
    if (!id)
      return program::usage_problem("--revoke", "is not a member's id",
                                    "`roster show` lists the ids");
    RESGUARDO_CHECK(at("--revoke " + text, draft.revoke_member(*id)));
  }
  return Done{};
}

Outcome<Done> set_terms(const RosterCreateOptions& options, RosterDraft& draft, Call& call) {
  open::RosterTerms terms = draft.terms();
  terms.issued = day_of(call.now);
  constexpr int kUsualDays = 365;
  terms.expires = Day{terms.issued.number + kUsualDays};
  if (!options.expires.empty()) {
    const auto day = parse_day(options.expires);
    if (!day) return program::usage_problem("--expires", "is not a day", "write it as 2027-06-30");
    terms.expires = *day;
  }
  if (!options.log_keys.empty()) terms.log_keys.clear();
  for (const std::string& text : options.log_keys) {
    RESGUARDO_TRY(const auto key, read_public_key<LogRole>(text, "--log-key"));
    terms.log_keys.push_back(key);
  }
  if (!options.log_origin.empty()) terms.log_origin = options.log_origin;
  draft.set_terms(terms);
  return Done{};
}

json::object line_json(const RosterDraft::Line& line) {
  return {{"member", to_hex(line.id.view())},
          {"label", program::json_text(line.label)},
          {"organisation", program::json_text(line.organisation)},
          {"active", line.active},
          {"readsTestimony", line.reads.testimony},
          {"readsIdentity", line.reads.identity},
          {"fingerprint", fingerprint(line.key)}};
}

std::string reads_text(const RosterDraft::Line& line) {
  if (!line.active) return "nothing (revoked)";
  if (line.reads.testimony && line.reads.identity) return "testimony, identity";
  return line.reads.testimony ? "testimony" : line.reads.identity ? "identity" : "nothing";
}

void print_draft(const RosterDraft& draft, Call& call) {
  const open::RosterTerms terms = draft.terms();
  if (call.console.json()) {
    json::array members;
    for (const auto& line : draft.lines()) members.push_back(line_json(line));
    call.console.print(json::object{{"number", draft.number()},
                                    {"issued", to_string(terms.issued)},
                                    {"expires", to_string(terms.expires)},
                                    {"logOrigin", program::json_text(terms.log_origin)},
                                    {"members", members}});
    return;
  }
  call.console.print("roster " + std::to_string(draft.number()) + ", issued " +
                     to_string(terms.issued) + ", valid through " + to_string(terms.expires) +
                     "\n\n");
  program::Table table({"label", "organisation", "reads", "fingerprint", "id"});
  for (const auto& line : draft.lines())
    table.add({line.label, line.organisation, reads_text(line), fingerprint(line.key),
               to_hex(line.id.view())});
  call.console.print(table.text());
}

// A signed roster seen as the draft it was: its signature is not looked at.
Result<RosterDraft> unsigned_view(ByteView file) {
  if (as_text(file).starts_with("-----BEGIN RESGUARDO ROSTER DRAFT"))
    return RosterDraft::parse(file);
  RESGUARDO_TRY(const Bytes bytes, roster_bytes(file));
  RESGUARDO_TRY(auto roster, parse_strict<pb::RosterFile>(bytes));
  roster.mutable_roster()->clear_signatures();
  const std::string text = armour(ArmourKind::kRosterDraft, serialize_canonical(roster));
  return RosterDraft::parse(as_bytes(text));
}

}  // namespace

Outcome<Done> roster_create(const RosterCreateOptions& options, Call& call) {
  RESGUARDO_TRY(auto draft, start(options));
  RESGUARDO_CHECK(change_members(options, draft, call));
  RESGUARDO_CHECK(set_terms(options, draft, call));
  RESGUARDO_TRY(const auto text, at("roster", draft.text()));
  RESGUARDO_CHECK(program::write_new_file(options.out, as_bytes(text)));
  print_draft(draft, call);
  call.console.note(
      "Compare each fingerprint with its owner, by voice or face to face, before "
      "`roster sign`.");
  return Done{};
}

Outcome<Done> roster_sign(const RosterSignOptions& options, Call& call) {
  RESGUARDO_TRY(const Bytes text, read_text_file(options.draft));
  RESGUARDO_TRY(const auto draft, at(options.draft.string(), RosterDraft::parse(text)));
  print_draft(draft, call);
  RESGUARDO_TRY(const Bytes key_file, read_text_file(options.root_key));
  RESGUARDO_TRY(const auto passphrase,
                program::read_passphrase(options.passphrase, "Passphrase of the root key", false));
  RESGUARDO_TRY(const auto root,
                at(options.root_key.string(), open::unlock_key<RootRole>(key_file, passphrase)));
  RESGUARDO_TRY(const auto file, at(options.draft.string(), draft.sign(root)));
  return program::write_new_file(options.out, as_bytes(file));
}

Outcome<Done> roster_show(const std::filesystem::path& file, Call& call) {
  RESGUARDO_TRY(const Bytes text, read_text_file(file));
  RESGUARDO_TRY(const auto draft, at(file.string(), unsigned_view(text)));
  print_draft(draft, call);
  call.console.note("No signature was checked: `roster verify` does that.");
  return Done{};
}

Outcome<Done> roster_verify(const RosterVerifyOptions& options, Call& call) {
  RESGUARDO_TRY(const auto root, read_public_key<RootRole>(options.root, "--root"));
  RESGUARDO_TRY(const Bytes file, read_text_file(options.file));
  RESGUARDO_TRY(const auto roster, at(options.file.string(), verify_alone(file, root, call.now)));
  const int days = roster.days_of_keys_left(call.now);
  std::size_t active = 0;
  for (const auto& member : roster.members()) active += member.active ? 1U : 0U;
  if (call.console.json()) {
    call.console.print(json::object{{"number", roster.anchor().number},
                                    {"digest", to_hex(roster.anchor().digest.view())},
                                    {"expires", to_string(roster.expires())},
                                    {"activeMembers", active},
                                    {"daysOfKeysLeft", days}});
    return Done{};
  }
  call.console.print("roster " + std::to_string(roster.anchor().number) +
                     " is signed by this root, valid through " + to_string(roster.expires()) +
                     "; " + std::to_string(active) + " active members, epoch keys for " +
                     std::to_string(days) + " days\n");
  return Done{};
}

}  // namespace resguardo::analyst
