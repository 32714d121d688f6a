// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/rosters.h"

#include "analyst/commands/roster_text.h"
#include "crypto/log/cosignature.h"
#include "crypto/open/roster_maker.h"
#include "program/output_file.h"

namespace resguardo::analyst {
namespace {

using open::Reads;
using open::RosterDraft;
using program::at;
using program::Outcome;

bool is_draft(ByteView file) {
  return as_text(file).starts_with("-----BEGIN RESGUARDO ROSTER DRAFT");
}

struct Start {
  RosterDraft draft;
  bool from_draft = false;
};

Outcome<Start> start(const RosterEditOptions& options) {
  if (!options.from) return Start{RosterDraft::first()};
  const std::string where = options.from->string();
  RESGUARDO_TRY(const Bytes file, read_text_file(*options.from));
  if (is_draft(file)) {
    RESGUARDO_TRY(auto draft, at(where, RosterDraft::parse(file)));
    return Start{std::move(draft), true};
  }
  if (options.root.empty())
    return program::usage_problem("--root", "is needed with a signed --from",
                                  "give the root's public key, so that the roster is checked");
  RESGUARDO_TRY(const auto root, read_public_key<RootRole>(options.root, "--root"));
  RESGUARDO_TRY(auto draft, at(where, RosterDraft::following(file, root)));
  return Start{std::move(draft)};
}

Outcome<open::MemberPublic> read_member(const std::filesystem::path& path) {
  RESGUARDO_TRY(const Bytes text, read_text_file(path));
  return at(path.string(), open::MemberPublic::parse(text));
}

Outcome<Reads> reads_of(const RosterEditOptions& options) {
  if (options.without_identity || options.reads == "testimony") return Reads{true, false};
  if (options.reads == "identity") return Reads{false, true};
  if (options.reads == "both") return Reads{true, true};
  return program::usage_problem("--reads", "is testimony, identity or both");
}

Outcome<MemberId> read_id(const std::string& text) {
  const auto bytes = parse_hex(text);
  const auto id = bytes.ok() ? MemberId::from(*bytes) : std::nullopt;
  if (!id)
    return program::usage_problem("a member's id", "has 32 hex digits",
                                  "`roster show` lists the ids");
  return *id;
}

Outcome<Done> add_witness(const RosterEditOptions& options, RosterDraft& draft, Call& call) {
  if (options.witness.empty()) return Done{};
  const bool published = options.witness_key.find('+') != std::string::npos;
  const auto key = published ? at("KEY", parse_witness_key(options.witness_key),
                                  "give it as the witness publishes it: name+id+base64")
                             : read_public_key<AnalystRole>(options.witness_key, "KEY");
  if (!key.ok()) return key.error();
  return at(options.witness,
            draft.add_witness(options.witness, *key, options.organisation, call.ids));
}

// Changes by a member's public half.
Outcome<Done> take_halves(const RosterEditOptions& options, Reads reads, RosterDraft& draft,
                          Call& call) {
  if (!options.add.empty() && options.organisation.empty())
    return program::usage_problem("--organisation", "is needed for members that are added");
  for (const auto& path : options.add) {
    RESGUARDO_TRY(const auto member, read_member(path));
    RESGUARDO_CHECK(
        at(path.string(), draft.add_member(member, options.organisation, reads, call.ids)));
  }
  for (const auto& path : options.renew) {
    RESGUARDO_TRY(const auto member, read_member(path));
    RESGUARDO_CHECK(at(path.string(), draft.renew_list(member)));
  }
  for (const auto& path : options.restore) {
    RESGUARDO_TRY(const auto member, read_member(path));
    RESGUARDO_CHECK(at(path.string(), draft.restore_member(member, reads)));
  }
  return Done{};
}

// Changes by a member's id.
Outcome<Done> change_standing(const RosterEditOptions& options, Reads reads, RosterDraft& draft) {
  for (const std::string& text : options.revoke) {
    RESGUARDO_TRY(const auto id, read_id(text));
    RESGUARDO_CHECK(at(text, draft.revoke_member(id)));
  }
  for (const std::string& text : options.suspend) {
    RESGUARDO_TRY(const auto id, read_id(text));
    RESGUARDO_CHECK(at(text, draft.suspend_member(id)));
  }
  for (const std::string& text : options.let_read) {
    RESGUARDO_TRY(const auto id, read_id(text));
    RESGUARDO_CHECK(at(text, draft.set_reads(id, reads)));
  }
  return Done{};
}

Outcome<Done> set_quorum(const std::string& option, StreamId stream,
                         const std::vector<std::string>& texts, bool any, RosterDraft& draft) {
  if (texts.empty() && !any) return Done{};
  if (any && !texts.empty())
    return program::usage_problem(option, "is a quorum, or any one: not both");
  std::vector<RosterDraft::Needed> needed;
  for (const std::string& text : texts) {
    const auto sign = text.rfind('=');
    const std::string number = sign == std::string::npos ? "" : text.substr(sign + 1);
    if (number.empty() || number.size() > 2 ||
        number.find_first_not_of("0123456789") != std::string::npos || number == "0")
      return program::usage_problem(option, "says how many of an organisation it takes",
                                    "write it as \"Casa=1\", once for each organisation");
    needed.push_back({text.substr(0, sign), static_cast<std::uint32_t>(std::stoul(number))});
  }
  return at(option, draft.set_policy(stream, needed),
            "name each of them: " + option + " \"Casa=1\" " + option + " \"Clinica=1\"");
}

Outcome<Done> set_policies(const RosterEditOptions& options, RosterDraft& draft) {
  RESGUARDO_CHECK(set_quorum("--identity-quorum", StreamId::kIdentity, options.identity_quorum,
                             options.identity_any, draft));
  return set_quorum("--testimony-quorum", StreamId::kTestimony, options.testimony_quorum,
                    options.testimony_any, draft);
}

Outcome<Done> set_terms(const RosterEditOptions& options, Start& start, Call& call) {
  open::RosterTerms terms = start.draft.terms();
  terms.issued = day_of(call.now);
  constexpr int kUsualDays = 365;
  if (!start.from_draft) terms.expires = Day{terms.issued.number + kUsualDays};
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
  if (!options.next_root.empty()) {
    RESGUARDO_TRY(terms.next_root, read_public_key<RootRole>(options.next_root, "--next-root"));
    for (const auto& signer : start.draft.still_to_sign())
      if (signer == *terms.next_root)
        return program::usage_problem("--next-root", "is the root that signs this roster",
                                      "make the new one with `root create`");
  }
  start.draft.set_terms(terms);
  if (options.replace_root.empty()) return Done{};
  RESGUARDO_TRY(const auto root, read_public_key<RootRole>(options.replace_root, "--replace-root"));
  start.draft.replace_root(root);
  call.console.warn(
      "servers and vaults take this roster only when their root key was replaced by hand");
  return Done{};
}

}  // namespace

Outcome<Done> roster_edit(const RosterEditOptions& options, Call& call) {
  RESGUARDO_TRY(const Reads reads, reads_of(options));
  RESGUARDO_TRY(auto begun, start(options));
  RESGUARDO_CHECK(take_halves(options, reads, begun.draft, call));
  RESGUARDO_CHECK(add_witness(options, begun.draft, call));
  RESGUARDO_CHECK(change_standing(options, reads, begun.draft));
  RESGUARDO_CHECK(set_policies(options, begun.draft));
  RESGUARDO_CHECK(set_terms(options, begun, call));
  RESGUARDO_TRY(const auto text, at("roster", begun.draft.text()));
  RESGUARDO_CHECK(program::write_new_file(options.out, as_bytes(text)));
  print_roster({begun.draft.view(), {}, begun.draft.still_to_sign()}, call);
  call.console.note(
      "Compare each fingerprint with its owner, by voice or face to face, before "
      "`roster sign`.");
  if (begun.draft.terms().next_root)
    call.console.note(
        "The roster after this one needs both roots: be sure that the new one is kept safely "
        "before you install this.");
  return Done{};
}

}  // namespace resguardo::analyst
