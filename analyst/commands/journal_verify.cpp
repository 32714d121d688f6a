// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>
#include <charconv>

#include "analyst/commands/custody.h"
#include "analyst/commands/journal.h"
#include "analyst/commands/logs.h"
#include "analyst/import/vault_shelf.h"
#include "analyst/vault/vault_fixity.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using program::at;
using program::Outcome;
using program::Problem;
using program::usage_problem;

std::string link_text(const JournalLink& head) {
  return std::to_string(head.number) + ":" + to_hex(head.digest.view());
}

Outcome<std::optional<JournalLink>> noted_head(const std::string& text) {
  if (text.empty()) return std::optional<JournalLink>();
  JournalLink head;
  const char* const end = text.data() + text.size();
  const auto number = std::from_chars(text.data(), end, head.number);
  if (number.ec == std::errc() && number.ptr != end && *number.ptr == ':') {
    const auto digest = parse_hex(std::string_view(number.ptr + 1, end));
    if (const auto read = digest.ok() ? Digest::from(*digest) : std::nullopt) {
      head.digest = *read;
      return std::optional(head);
    }
  }
  return usage_problem("--head", "is not as `journal verify` prints it", "NUMBER:DIGEST");
}

struct Checked {
  std::uint64_t entries = 0;
  std::uint64_t unknown = 0;  // signed by keys that no roster has
  JournalLink head;
  bool noted_seen = false;
};

// Every link and signature.
Outcome<Checked> check_entries(Vault& vault, const std::optional<JournalLink>& noted) {
  RESGUARDO_TRY(const RosterShelf shelf, at("vault", shelf_of(vault)));
  RESGUARDO_TRY(const JournalLink head, at("vault", VaultJournal(vault).head()));
  Checked checked;
  checked.noted_seen = noted && noted->number == 0;
  const auto visitor = [&](const JournalEntry& entry, const JournalLink& link) -> Status {
    ++checked.entries;
    if (!vouched(shelf, entry)) ++checked.unknown;
    checked.head = link;
    if (noted && noted->number == link.number) checked.noted_seen = noted->digest == link.digest;
    return success();
  };
  const Status whole = VaultJournal(vault).visit_links(visitor);
  if (!whole.ok())
    return Problem{"journal, entry " + std::to_string(checked.entries + 1),
                   whole.error().why.c_str(),
                   "the entries before it hold; keep a copy of the vault"};
  if (head.number != checked.head.number || head.digest != checked.head.digest)
    return Problem{"journal, entry " + std::to_string(checked.head.number),
                   "is not named by the digest beside it", "keep a copy of the vault"};
  return checked;
}

json::object findings_json(const Checked& checked, const FixityFindings& found) {
  json::array broken;
  for (const auto& one : found.broken)
    broken.push_back(json::object{{"where", one.where}, {"what", one.what.c_str()}});
  return {{"entries", checked.entries},
          {"head", link_text(checked.head)},
          {"keysInNoRoster", checked.unknown},
          {"segments", found.segments},
          {"rows", found.rows},
          {"records", found.records},
          {"files", found.files},
          {"questionnaires", found.forms},
          {"rosters", found.rosters},
          {"logEntries", found.log_entries},
          {"segmentsWithoutRows", found.without_rows},
          {"broken", std::move(broken)}};
}

void tell(const Checked& checked, const FixityFindings& found, Call& call) {
  if (call.console.json()) return call.console.print(findings_json(checked, found));
  call.console.print(
      "journal   " + std::to_string(checked.entries) + " entries, each signed and in its place\n" +
      "reports   " + std::to_string(found.segments) + " segments of " + std::to_string(found.rows) +
      " sealed rows, " + std::to_string(found.records) + " records as they were sealed\n" +
      "files     " + std::to_string(found.files) + "\n" + "besides   " +
      std::to_string(found.forms) + " questionnaires, " + std::to_string(found.rosters) +
      " rosters, " + std::to_string(found.log_entries) + " entries of logs\n" + "head      " +
      link_text(checked.head) + "\n");
}

Outcome<Done> tell_checked(const Checked& checked, const FixityFindings& found, Call& call) {
  if (checked.unknown > 0)
    call.console.warn(std::to_string(checked.unknown) +
                      " entries are signed by keys that no roster in this vault has");
  if (found.without_rows > 0)
    call.console.note(std::to_string(found.without_rows) +
                      " segments came before sealed rows were kept: nothing to compare; import "
                      "their bundle again");
  if (found.broken.empty()) return Done{};
  for (const auto& one : found.broken) call.console.warn(one.where + ": " + one.what.c_str());
  return Problem{"vault", std::to_string(found.broken.size()) + " things in it were changed",
                 "keep a copy of it, and import the bundles into a new vault"};
}

}  // namespace

Outcome<Done> verify_journal(const JournalOptions& options, Call& call) {
  RESGUARDO_TRY(const auto noted, noted_head(options.head));
  RESGUARDO_TRY(Vault vault, open_vault_of(options.vault, call));
  RESGUARDO_TRY(const Checked checked, check_entries(vault, noted));
  if (noted && !checked.noted_seen)
    return Problem{"journal",
                   "does not go on from entry " + std::to_string(noted->number) +
                       " as it was noted: entries were cut off, or it is another",
                   "compare with a colleague's copy"};
  VaultFixity fixity(vault);
  RESGUARDO_TRY(const std::uint64_t size, at("vault", fixity.size()));
  FixityFindings found;
  {
    auto progress = call.console.progress("checking what the vault keeps", size);
    RESGUARDO_TRY(found, at("vault", fixity.check([&](std::uint64_t done) { progress.at(done); })));
  }
  JournalFact fact;
  fact.kind = JournalKind::kFixityChecked;
  fact.note = found.broken.empty() ? "whole" : "damaged";
  RESGUARDO_CHECK(keep_in_journal(vault, options.vault.as, fact, call));
  tell(checked, found, call);
  return tell_checked(checked, found, call);
}

}  // namespace resguardo::analyst
