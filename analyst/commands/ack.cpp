// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/ack.h"

#include <algorithm>
#include <boost/json.hpp>

#include "analyst/commands/custody.h"
#include "analyst/import/vault_shelf.h"
#include "analyst/vault/vault.h"
#include "analyst/vault/vault_log.h"
#include "crypto/base/hash.h"
#include "crypto/log/acknowledgement.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/merkle_tree.h"
#include "program/json_output.h"
#include "program/output_file.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using program::at;
using program::Outcome;
using program::Problem;
using program::usage_problem;

Outcome<Done> check_options(const AckOptions& options) {
  if (options.vault.empty()) return usage_problem("--vault", "is needed, unless with --show");
  if (options.secrets.key.empty()) return usage_problem("--key", "is needed, unless with --show");
  if (options.out.empty()) return usage_problem("--out", "is needed, unless with --show");
  return Done{};
}

Outcome<std::string> origin_of(const AckOptions& options, Vault& vault, const MemberId& member) {
  RESGUARDO_TRY(const auto origins, at(options.vault.string(), vault.origins(member)));
  if (origins.empty())
    return Problem{options.vault.string(), "holds nothing that these keys opened",
                   "import a bundle with them first"};
  if (options.origin.empty() && origins.size() == 1) return origins.front();
  if (std::ranges::find(origins, options.origin) != origins.end()) return options.origin;
  std::string names;
  for (const std::string& origin : origins) names += (names.empty() ? "" : ", ") + origin;
  return usage_problem("--origin", "names no server whose reports these keys opened",
                       "the vault holds " + names);
}

// Of the newest roster that names this log: whom the server believes.
Outcome<Digest> newest_roster(const AckOptions& options, Vault& vault, const std::string& origin) {
  const std::string where = options.vault.string();
  RESGUARDO_TRY(const RosterShelf shelf, at(where, shelf_of(vault)));
  const RosterShelf::Entry* newest = nullptr;
  for (const RosterShelf::Entry& entry : shelf.entries())
    if (entry.roster.log_origin() == origin && (newest == nullptr || entry.number > newest->number))
      newest = &entry;
  if (newest == nullptr)
    return Problem{where, "holds no roster for this server's log", "import its newest bundle"};
  return newest->digest;
}

struct Draft {
  Acknowledgement content;
  std::vector<Vault::NotOpened> left_out;
};

Outcome<Draft> draft_of(const AckOptions& options, Vault& vault, const MemberId& member, Day day) {
  const std::string where = options.vault.string();
  Draft draft;
  draft.content.member = member;
  draft.content.day = day;
  RESGUARDO_TRY(draft.content.origin, origin_of(options, vault, member));
  RESGUARDO_TRY(draft.content.roster, newest_roster(options, vault, draft.content.origin));
  CompactTree tree;
  RESGUARDO_CHECK(at(where, vault.visit_log(draft.content.origin, [&](ByteView entry) -> Status {
    tree.append(leaf_hash(entry));
    return success();
  })));
  draft.content.log_size = tree.size();
  if (tree.size() > 0) draft.content.log_root = tree.root();
  RESGUARDO_TRY(const auto kept, at(where, VaultLog(vault).kept(draft.content.origin)));
  if (kept && kept->size == tree.size() && tree.size() > 0) draft.content.checkpoint = kept->note;
  RESGUARDO_TRY(const auto opened, at(where, vault.opened(member, draft.content.origin)));
  for (const Vault::Opened& one : opened)
    draft.content.segments.push_back(
        {one.segment, one.chain, (one.streams & 1U) != 0, (one.streams & 2U) != 0});
  RESGUARDO_TRY(draft.left_out, at(where, vault.not_opened(member)));
  return draft;
}

Outcome<std::string> sign(const Acknowledgement& content, const open::AnalystKeys& keys) {
  RESGUARDO_TRY(const Bytes exact, at("acknowledgement", acknowledgement_bytes(content)));
  const Bytes signature = keys.identity().sign(Label::kSignAcknowledgement, exact);
  return at("acknowledgement",
            acknowledgement_file(exact, keys.identity().public_key(), signature));
}

std::uint64_t without_identity(const Acknowledgement& content) {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      content.segments, [](const AcknowledgedSegment& segment) { return !segment.identity; }));
}

json::object summary_json(const Acknowledgement& content) {
  return {{"origin", program::json_text(content.origin)},
          {"member", to_hex(content.member.view())},
          {"rosterDigest", to_hex(content.roster.view())},
          {"day", to_string(content.day)},
          {"logSize", content.log_size},
          {"logRoot", content.log_root ? json::value(json::string(to_hex(content.log_root->view())))
                                       : json::value(nullptr)},
          {"segments", content.segments.size()},
          {"segmentsWithoutIdentity", without_identity(content)}};
}

std::string summary_text(const Acknowledgement& content) {
  std::string text = "opened       " + std::to_string(content.segments.size()) + " segments";
  if (const auto fewer = without_identity(content); fewer > 0)
    text += ", " + std::to_string(fewer) + " of them without the identity";
  text += "\nserver       " +
          (content.origin.empty() ? std::string("one without a log") : content.origin);
  text += "\nlog          " + std::to_string(content.log_size) + " entries";
  text += "\nmember       " + to_hex(content.member.view());
  text += "\nday          " + to_string(content.day) + "\n";
  return text;
}

void tell_acknowledged(const Draft& draft, const std::filesystem::path& out, Call& call) {
  if (call.console.json()) {
    json::object object = summary_json(draft.content);
    json::array left_out;
    for (const Vault::NotOpened& one : draft.left_out)
      left_out.push_back({{"report", to_hex(one.report.view())},
                          {"segment", one.index},
                          {"rows", one.rows},
                          {"opened", one.opened},
                          {"withoutFile", one.without_file}});
    object["notAcknowledged"] = std::move(left_out);
    call.console.print(object);
    return;
  }
  call.console.print("Wrote " + out.string() + ", for the server's operator.\n\n" +
                     summary_text(draft.content));
  if (draft.left_out.empty()) return;
  program::Table table({"report", "segment", "rows", "opened"});
  for (const Vault::NotOpened& one : draft.left_out)
    table.add({to_hex(one.report.view()).substr(0, 8),
               one.index < kFirstAddendum ? std::to_string(one.index) : "a file's",
               std::to_string(one.rows),
               one.without_file        ? "without its file"
               : one.opened < one.rows ? std::to_string(one.opened)
                                       : "not with these keys"});
  call.console.print("\nNot acknowledged, so that the server keeps it:\n" + table.text());
}

Outcome<Done> show(const std::filesystem::path& file, Call& call) {
  RESGUARDO_TRY(const Bytes bytes, program::read_file(file, kMaxAcknowledgementFile));
  RESGUARDO_TRY(const auto read, at(file.string(), open_acknowledgement(bytes)));
  if (call.console.json()) {
    json::object object = summary_json(read.content);
    object["fingerprint"] = fingerprint(read.signer);
    json::array segments;
    for (const AcknowledgedSegment& segment : read.content.segments)
      segments.push_back({{"segment", to_hex(segment.segment.view())},
                          {"chain", to_hex(segment.chain.view())},
                          {"testimony", segment.testimony},
                          {"identity", segment.identity}});
    object["acknowledged"] = std::move(segments);
    call.console.print(object);
    return Done{};
  }
  call.console.print(summary_text(read.content) + "fingerprint  " + fingerprint(read.signer) +
                     "\n\nThe signature fits this key. Whose key it is, the roster says.\n");
  return Done{};
}

}  // namespace

Outcome<Done> acknowledge(const AckOptions& options, Call& call) {
  if (!options.show.empty()) return show(options.show, call);
  RESGUARDO_CHECK(check_options(options));
  RESGUARDO_TRY(auto file, program::OutputFile::create(options.out));
  if (!Vault::exists(options.vault))
    return Problem{options.vault.string(), "there is no vault", "`import` makes one"};
  RESGUARDO_TRY(const Secrets secrets, unlock_secrets(options.secrets));
  RESGUARDO_TRY(auto vault,
                at(options.vault.string(), Vault::open(options.vault, secrets.vault_passphrase),
                   kOwnPassphrase));
  RESGUARDO_TRY(const Draft draft,
                draft_of(options, vault, secrets.keys.member(), day_of(call.now)));
  RESGUARDO_TRY(const std::string text, sign(draft.content, secrets.keys));
  JournalFact fact;
  fact.kind = JournalKind::kAcknowledged;
  fact.subject = sha256(as_bytes(text));
  RESGUARDO_CHECK(sign_in_journal(vault, fact, secrets.keys, call));
  file.write(text);
  RESGUARDO_CHECK(file.commit());
  tell_acknowledged(draft, options.out, call);
  return Done{};
}

}  // namespace resguardo::analyst
