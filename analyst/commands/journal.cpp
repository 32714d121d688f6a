// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>

#include "analyst/commands/logs.h"
#include "analyst/commands/quorum.h"
#include "analyst/commands/reports.h"
#include "analyst/import/vault_shelf.h"
#include "program/json_output.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using program::at;
using program::Outcome;

const char* deed_text(JournalKind kind) {
  switch (kind) {
    case JournalKind::kQuorumRequested:
      return "asked for shares";
    case JournalKind::kQuorumGranted:
      return "gave shares";
    case JournalKind::kQuorumRefused:
      return "refused shares";
    case JournalKind::kQuorumCombined:
      return "opened together";
    case JournalKind::kWithdrawalHeld:
      return "held a withdrawal";
    case JournalKind::kWithdrawalKept:
      return "settled a withdrawal: nothing goes";
    case JournalKind::kWithdrawalHonoured:
      return "settled a withdrawal: erased";
  }
  return "";
}

// Whether a roster has the key that signed for this member.
bool vouched(const RosterShelf& shelf, const JournalEntry& entry) {
  for (const RosterShelf::Entry& known : shelf.entries())
    for (const auto& member : known.roster.members())
      if (member.id == entry.member && member.key == entry.signer) return true;
  return false;
}

std::string who(const RosterShelf& shelf, const MemberId& member) {
  const std::string label = shelf.label(member);
  return label.empty() ? to_hex(member.view()).substr(0, 8) : label;
}

std::string others(const RosterShelf& shelf, const JournalEntry& entry) {
  std::string text;
  for (const MemberId& member : entry.fact.members)
    text += (text.empty() ? "" : ", ") + who(shelf, member);
  return text;
}

json::object entry_json(const JournalEntry& entry, bool known) {
  json::array members;
  for (const MemberId& member : entry.fact.members) members.emplace_back(to_hex(member.view()));
  json::object object{{"number", entry.number},
                      {"day", to_string(day_of(entry.time))},
                      {"member", to_hex(entry.member.view())},
                      {"signerInRoster", known},
                      {"what", deed_text(entry.fact.kind)},
                      {"members", std::move(members)},
                      {"note", program::json_text(entry.fact.note)}};
  if (entry.fact.report) object["report"] = to_hex(entry.fact.report->view());
  if (entry.fact.subject) object["request"] = to_hex(entry.fact.subject->view());
  return object;
}

}  // namespace

Outcome<Done> show_journal(const JournalOptions& options, Call& call) {
  RESGUARDO_TRY(Vault vault, open_vault_of({options.vault, options.passphrase}));
  const std::string where = options.vault.string();
  RESGUARDO_TRY(const RosterShelf shelf, at(where, shelf_of(vault)));
  json::array entries;
  program::Table table({"number", "day", "who", "did", "report", "with", "why"});
  const Status whole = VaultJournal(vault).visit([&](const JournalEntry& entry) -> Status {
    const bool known = vouched(shelf, entry);
    entries.push_back(entry_json(entry, known));
    table.add({std::to_string(entry.number), to_string(day_of(entry.time)),
               who(shelf, entry.member) + (known ? "" : " (no roster has this key)"),
               deed_text(entry.fact.kind),
               entry.fact.report ? to_hex(entry.fact.report->view()).substr(0, 8) : "",
               others(shelf, entry), entry.fact.note});
    return success();
  });
  if (call.console.json())
    call.console.print(json::object{{"entries", entries}, {"whole", whole.ok()}});
  else
    call.console.print(table.text());
  return at(where, whole, "the entries before it hold; keep a copy of the vault");
}

}  // namespace resguardo::analyst
