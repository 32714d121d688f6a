// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/journal.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "analyst/commands/logs.h"
#include "analyst/import/vault_shelf.h"
#include "analyst/vault/vault_journal.h"
#include "program/json_output.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using program::at;
using program::Outcome;

// Of what is done at the desk: coding and what surrounds it.
const char* bench_deed_text(JournalKind kind) {
  constexpr std::array<const char*, 13> kTexts = {"coded",
                                                  "set the level",
                                                  "tagged",
                                                  "wrote a note",
                                                  "linked",
                                                  "kept a set",
                                                  "removed a set",
                                                  "decided about duplicates",
                                                  "approved",
                                                  "checked what the vault keeps",
                                                  "erased: its reporter took it back",
                                                  "wrote what people sent into files",
                                                  "wiped files that were open"};
  const auto place = static_cast<std::size_t>(kind) - static_cast<std::size_t>(JournalKind::kCoded);
  return place < kTexts.size() ? kTexts.at(place) : "";
}

}  // namespace

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
    case JournalKind::kKeyCertified:
      return "made this vault's key for the journal";
    case JournalKind::kImported:
      return "imported";
    case JournalKind::kViewed:
      return "read";
    case JournalKind::kSearched:
      return "searched";
    case JournalKind::kExported:
      return "exported";
    case JournalKind::kAcknowledged:
      return "acknowledged";
    case JournalKind::kProofMade:
      return "made a proof";
    case JournalKind::kReplied:
      return "replied";
    default:
      return bench_deed_text(kind);
  }
}

bool vouched(const RosterShelf& shelf, const JournalEntry& entry) {
  for (const RosterShelf::Entry& known : shelf.entries())
    for (const auto& member : known.roster.members())
      if (member.id == entry.member && member.key == entry.own_key()) return true;
  return false;
}

namespace {

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

std::string about_text(const JournalFact& fact) {
  if (fact.report) return to_hex(fact.report->view()).substr(0, 8);
  if (!fact.reports) return "";
  return std::to_string(fact.reports->count) + " reports";
}

json::object entry_json(const JournalEntry& entry, bool known) {
  json::array members;
  for (const MemberId& member : entry.fact.members) members.emplace_back(to_hex(member.view()));
  json::object object{{"number", entry.number},
                      {"day", to_string(day_of(entry.time))},
                      {"member", to_hex(entry.member.view())},
                      {"signerInRoster", known},
                      {"signedBy", entry.certified_by ? "vault" : "member"},
                      {"what", deed_text(entry.fact.kind)},
                      {"members", std::move(members)},
                      {"note", program::json_text(entry.fact.note)}};
  if (entry.fact.report) object["report"] = to_hex(entry.fact.report->view());
  if (entry.fact.subject) object["request"] = to_hex(entry.fact.subject->view());
  if (const auto& reports = entry.fact.reports) {
    object["reports"] = reports->count;
    object["reportsDigest"] = to_hex(reports->digest.view());
    json::array few;
    for (const ReportId& report : reports->few) few.emplace_back(to_hex(report.view()));
    object["reportIds"] = std::move(few);
  }
  return object;
}

bool is_about(const JournalFact& fact, const std::string& beginning) {
  const auto begins = [&](const ReportId& id) { return to_hex(id.view()).starts_with(beginning); };
  return (fact.report && begins(*fact.report)) ||
         (fact.reports && std::ranges::any_of(fact.reports->few, begins));
}

}  // namespace

Outcome<Done> show_journal(const JournalOptions& options, Call& call) {
  RESGUARDO_TRY(Vault vault, open_vault_of(options.vault, call));
  const std::string where = options.vault.vault.string();
  RESGUARDO_TRY(const RosterShelf shelf, at(where, shelf_of(vault)));
  json::array entries;
  std::uint64_t many = 0;
  program::Table table({"number", "day", "who", "did", "report", "with", "why"});
  const Status whole = VaultJournal(vault).visit([&](const JournalEntry& entry) -> Status {
    if (!options.id.empty() && !is_about(entry.fact, options.id)) {
      if (entry.fact.reports && entry.fact.reports->few.empty()) ++many;
      return success();
    }
    const bool known = vouched(shelf, entry);
    entries.push_back(entry_json(entry, known));
    table.add({std::to_string(entry.number), to_string(day_of(entry.time)),
               who(shelf, entry.member) + (known ? "" : " (no roster has this key)"),
               deed_text(entry.fact.kind), about_text(entry.fact), others(shelf, entry),
               entry.fact.note});
    return success();
  });
  if (call.console.json())
    call.console.print(json::object{{"entries", entries}, {"whole", whole.ok()}});
  else
    call.console.print(table.text());
  if (many > 0)
    call.console.note(std::to_string(many) +
                      " entries are about many reports, and do not name them one by one");
  return at(where, whole, "the entries before it hold; keep a copy of the vault");
}

}  // namespace resguardo::analyst
