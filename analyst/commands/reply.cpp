// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/reply.h"

#include <algorithm>
#include <boost/json.hpp>

#include "analyst/commands/custody.h"
#include "analyst/commands/logs.h"
#include "analyst/import/vault_shelf.h"
#include "analyst/report/report_view.h"
#include "analyst/vault/vault.h"
#include "crypto/base/hash.h"
#include "crypto/mailbox/reply.h"
#include "crypto/mailbox/reply_text.h"
#include "crypto/open/roster_view.h"
#include "program/output_file.h"
#include "proto/roster.pb.h"

namespace resguardo::analyst {
namespace {

using program::at;
using program::Outcome;
using program::Problem;
using program::usage_problem;

Outcome<std::string> server_of(const ReplyOptions& options, Vault& vault, const MemberId& member) {
  RESGUARDO_TRY(const auto origins, at(options.vault.string(), vault.origins(member)));
  if (options.origin.empty() && origins.size() == 1) return origins.front();
  if (std::ranges::find(origins, options.origin) != origins.end()) return options.origin;
  return usage_problem("--origin", "names no server whose reports these keys opened",
                       "`log show` names the logs in the vault");
}

// Of the newest roster of that server: its digest, and the organisation that this member is of.
struct Author {
  Digest roster;
  std::string organisation;
};
Outcome<Author> author_of(const ReplyOptions& options, Vault& vault, const std::string& origin,
                          const MemberId& member) {
  const std::string where = options.vault.string();
  RESGUARDO_TRY(const RosterShelf shelf, at(where, shelf_of(vault)));
  const RosterShelf::Entry* newest = nullptr;
  for (const RosterShelf::Entry& entry : shelf.entries())
    if (entry.roster.log_origin() == origin && (newest == nullptr || entry.number > newest->number))
      newest = &entry;
  if (newest == nullptr)
    return Problem{where, "holds no roster for this server's log", "import its newest bundle"};
  pb::RosterFile file;
  const ByteView bytes = newest->roster.file();
  if (!file.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return Problem{where, "holds a roster that cannot be read", ""};
  const auto view = open::view_of(file);
  for (const auto& line : view.members)
    if (line.id == member && line.standing == open::Standing::kActive)
      return Author{newest->digest, line.organisation};
  return Problem{where, "these keys are of no active member of its newest roster",
                 "the server takes replies of active members only"};
}

Outcome<ReplyText> read_text(const ReplyOptions& options, const ReportView& view,
                             const std::string& organisation) {
  RESGUARDO_TRY(Bytes bytes, program::read_file(options.text, kMostReplyText + 1));
  std::string_view text = as_text(bytes);
  if (text.ends_with('\n')) text.remove_suffix(1);
  const std::string language = options.language.empty() ? view.final.language() : options.language;
  ReplyText reply{SecretText(text), language, organisation};
  wipe(bytes);
  if (language.empty())
    return usage_problem("--language", "is needed: the report does not say its own");
  RESGUARDO_CHECK(at(options.text.string(), check_reply_text(reply)));
  return reply;
}

// Names that are in the order in which answers were written, so that they are read in it: the
// server sorts those of one day by name.
ReplyId name_of_reply(Call& call) {
  auto name = call.ids.make<ReplyId>();
  const auto seconds = static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::seconds>(call.now.time_since_epoch()).count());
  for (std::size_t i = 0; i < sizeof seconds; ++i)
    name.bytes.at(i) = static_cast<std::uint8_t>(seconds >> (24 - 8 * i));
  return name;
}

Outcome<Reply> sealed_reply(const ReplyOptions& options, const StoredReport& stored,
                            const ReplyText& text, Call& call) {
  const ReportView view = view_of(stored);
  const auto mailbox =
      PublicKey<MailboxRole>::from_bytes(as_bytes(view.final.mailbox_public_key()));
  if (view.flags.contains(Flag::kFinishedAnew) || view.flags.contains(Flag::kTwoOfOneSegment))
    return Problem{options.id,
                   "came in two versions, and one may name a mailbox that is not the reporter's",
                   "`show` tells its flags; talk to your colleagues before anybody answers it"};
  if (!mailbox.ok())
    return Problem{options.id,
                   "has no mailbox here: it was not finished, or is not open to its end", ""};
  RESGUARDO_TRY(Bytes sealed, at(options.text.string(), seal_reply(*mailbox, text)));
  return Reply{name_of_reply(call), stored.id, *mailbox, std::move(sealed),
               day_of(call.now),    {},        {},       {}};
}

Outcome<std::string> signed_file(const Reply& content, const open::AnalystKeys& keys) {
  RESGUARDO_TRY(Bytes exact, at("reply", reply_bytes(content)));
  Bytes signature = keys.identity().sign(Label::kSignReply, exact);
  std::vector<SignedReply> all;
  all.push_back({std::move(exact), keys.identity().public_key(), std::move(signature)});
  return at("reply", reply_file(all));
}

void tell_reply(const Reply& content, const ReplyOptions& options, Call& call) {
  if (call.console.json()) {
    call.console.print(boost::json::object{{"reply", to_hex(content.id.view())},
                                           {"report", to_hex(content.report.view())},
                                           {"day", to_string(content.day)}});
    return;
  }
  call.console.print("Wrote " + options.out.string() +
                     ", for the server's operator: `resguardo-bot deliver`.\n"
                     "It is read when the reporter comes back with the receipt, maybe on a phone "
                     "that others see:\nno names, no places, nothing that says who they are.\n");
}

}  // namespace

Outcome<Done> reply(const ReplyOptions& options, Call& call) {
  if (!Vault::exists(options.vault))
    return Problem{options.vault.string(), "there is no vault", "`import` makes one"};
  RESGUARDO_TRY(auto file, program::OutputFile::create(options.out));
  RESGUARDO_TRY(const Secrets secrets, unlock_secrets(options.secrets));
  const std::string where = options.vault.string();
  RESGUARDO_TRY(auto vault,
                at(where, Vault::open(options.vault, secrets.vault_passphrase), kOwnPassphrase));
  RESGUARDO_TRY(const ReportId id, find_report(vault, options.id));
  RESGUARDO_TRY(const StoredReport stored, at(where, vault.report(id)));
  const MemberId member = secrets.keys.member();
  RESGUARDO_TRY(const std::string origin, server_of(options, vault, member));
  RESGUARDO_TRY(const Author author, author_of(options, vault, origin, member));
  RESGUARDO_TRY(const ReplyText text, read_text(options, view_of(stored), author.organisation));
  RESGUARDO_TRY(Reply content, sealed_reply(options, stored, text, call));
  content.member = member;
  content.roster = author.roster;
  content.origin = origin;
  RESGUARDO_TRY(const std::string written, signed_file(content, secrets.keys));
  JournalFact fact = journal_fact(JournalKind::kReplied, {id});
  fact.subject = sha256(as_bytes(written));
  RESGUARDO_CHECK(sign_in_journal(vault, fact, secrets.keys, call));
  file.write(written);
  RESGUARDO_CHECK(file.commit());
  tell_reply(content, options, call);
  return Done{};
}

}  // namespace resguardo::analyst
