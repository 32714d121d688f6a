// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>

#include "analyst/commands/logs.h"
#include "analyst/commands/quorum.h"
#include "analyst/import/quorum_opening.h"
#include "analyst/import/vault_shelf.h"
#include "analyst/vault/vault_log.h"
#include "analyst/vault/vault_quorum.h"
#include "program/json_output.h"
#include "program/output_file.h"
#include "program/terminal.h"

namespace resguardo::analyst {

namespace json = boost::json;
using program::at;
using program::Outcome;
using program::Problem;
using program::usage_problem;

std::string QuorumDesk::name(const MemberId& member) const {
  constexpr std::size_t kShown = 8;
  std::string label;
  for (const RosterShelf::Entry& entry : shelf.entries())
    for (const auto& known : entry.roster.members())
      if (known.id == member) label = known.label;
  const std::string id = to_hex(member.view()).substr(0, kShown);
  return label.empty() ? "somebody unknown (" + id + ")"
                       : program::visible(label) + " (" + id + ")";
}

Outcome<QuorumDesk> open_desk(const std::filesystem::path& vault, const SecretSources& secrets) {
  const std::string where = vault.string();
  if (!Vault::exists(vault)) return Problem{where, "there is no vault", "`import` makes one"};
  RESGUARDO_TRY(auto unlocked, unlock_secrets(secrets));
  RESGUARDO_TRY(auto opened,
                at(where, Vault::open(vault, unlocked.vault_passphrase), kOwnPassphrase));
  RESGUARDO_TRY(auto shelf, at(where, shelf_of(opened)));
  if (shelf.empty())
    return Problem{where, "holds no roster, so nobody knows who is a member",
                   "import the newest bundle"};
  return QuorumDesk{std::move(unlocked), std::move(opened), std::move(shelf), where};
}

Outcome<Done> note_in_journal(QuorumDesk& desk, Vault::Addition& into, const JournalFact& fact,
                              Call& call) {
  RESGUARDO_CHECK(
      at(desk.where, VaultJournal(desk.vault).append(fact, desk.secrets.keys, call.now)));
  return at(desk.where, into.commit());
}

namespace {

Outcome<std::vector<open::QuorumItem>> wanted_items(const QuorumRequestOptions& options,
                                                    QuorumDesk& desk, const ReportId& report) {
  const bool both = options.compartment == "both";
  if (!both && options.compartment != "testimony" && options.compartment != "identity")
    return usage_problem("--compartment", "is testimony, identity or both");
  RESGUARDO_TRY(auto items, at(desk.where, sealed_streams(desk.vault, report)));
  std::erase_if(items, [&](const open::QuorumItem& item) {
    return !both && (item.stream == StreamId::kTestimony) != (options.compartment == "testimony");
  });
  if (items.empty())
    return Problem{to_hex(report.view()), "nothing of it here waits for a quorum",
                   "`show` says what is sealed"};
  if (items.size() > open::kMaxQuorumItems)
    return Problem{to_hex(report.view()), "has more segments than one request names",
                   "ask for one compartment at a time"};
  return items;
}

// The newest checkpoint of the log that the newest roster names.
Outcome<Done> add_checkpoint(QuorumDesk& desk, open::QuorumRequest& request) {
  const std::string& origin = desk.newest().log_origin();
  if (origin.empty()) return Done{};
  RESGUARDO_TRY(const auto kept, at(desk.where, VaultLog(desk.vault).kept(origin)));
  if (!kept) return Done{};
  request.origin = origin;
  request.checkpoint = kept->note;
  return Done{};
}

struct OwnKey {
  std::optional<Week> week;
  const open::SecretKey<EpochRole>* key;
};

Outcome<OwnKey> own_key(const QuorumDesk& desk, Call& call) {
  const Week week = week_of(call.now);
  if (const auto* key = desk.secrets.keys.epoch(week); key != nullptr) return OwnKey{week, key};
  if (const auto* key = desk.secrets.keys.reserve(); key != nullptr) return OwnKey{{}, key};
  return Problem{"keys", "have neither this week's key nor a reserve to seal grants to",
                 "`key extend` makes keys for more weeks"};
}

void tell_request(const open::QuorumRequest& request, const QuorumRequestOptions& options,
                  Call& call) {
  if (call.console.json()) {
    call.console.print(json::object{{"report", to_hex(request.report.view())},
                                    {"streams", request.items.size()},
                                    {"file", program::json_text(options.out.string())}});
    return;
  }
  call.console.print("Wrote " + program::visible(options.out.string()) + ": asks for " +
                     std::to_string(request.items.size()) + " sealed parts of report " +
                     to_hex(request.report.view()).substr(0, 8) + ".\n");
  call.console.note(
      "Carry it to members of each organisation: `quorum grant` gives their shares, sealed to "
      "you. Say to them what you want it for; they decide.");
}

}  // namespace

Outcome<Done> quorum_request(const QuorumRequestOptions& options, Call& call) {
  if (options.reason.empty() || options.reason.size() > open::kMaxReason)
    return usage_problem("--reason", "has 1 to 1000 bytes: those who are asked read it");
  RESGUARDO_TRY(auto file, program::OutputFile::create(options.out));
  RESGUARDO_TRY(QuorumDesk desk, open_desk(options.vault, options.secrets));
  RESGUARDO_TRY(const ReportId report, find_report(desk.vault, options.id));
  RESGUARDO_TRY(auto items, wanted_items(options, desk, report));
  RESGUARDO_TRY(const OwnKey own, own_key(desk, call));
  open::QuorumRequest request{call.ids.make<SetId>(),
                              desk.secrets.keys.member(),
                              day_of(call.now),
                              report,
                              std::move(items),
                              options.reason,
                              desk.newest_digest(),
                              {},
                              {},
                              own.week,
                              own.key->public_key()};
  RESGUARDO_CHECK(add_checkpoint(desk, request));
  RESGUARDO_TRY(const auto text,
                at("request", open::request_file(request, desk.secrets.keys.identity())));
  RESGUARDO_TRY(const auto read, at("request", open::read_request(as_bytes(text))));
  RESGUARDO_TRY(auto into, at(desk.where, desk.vault.begin()));
  RESGUARDO_CHECK(at(desk.where, VaultQuorum(desk.vault).keep_request(read.digest, text)));
  RESGUARDO_CHECK(note_in_journal(
      desk, into, {JournalKind::kQuorumRequested, report, read.digest, {}, options.reason}, call));
  file.write(text);
  RESGUARDO_CHECK(file.commit());
  tell_request(request, options, call);
  return Done{};
}

}  // namespace resguardo::analyst
