// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/withdrawals.h"

#include <boost/json.hpp>

#include "analyst/commands/custody.h"
#include "analyst/commands/logs.h"
#include "analyst/commands/quorum.h"
#include "analyst/commands/withdrawal_decisions.h"
#include "analyst/report/purposes.h"
#include "program/json_output.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using program::at;
using program::Outcome;

const char* withdrawal_standing(WithdrawalStanding standing) {
  switch (standing) {
    case WithdrawalStanding::kNone:
      return "";
    case WithdrawalStanding::kUnsaid:
      return "not known: it ended before its server was restored";
    case WithdrawalStanding::kClaimed:
      return "claimed by the server";
    case WithdrawalStanding::kForged:
      return "forged";
    case WithdrawalStanding::kDisputed:
      return "disputed: the logs do not name one key";
    case WithdrawalStanding::kWaiting:
      return "signed by the reporter; the log's next checkpoint decides";
    case WithdrawalStanding::kSigned:
      return "signed by the reporter";
  }
  return "?";
}

std::string purposes_text(const std::set<std::string>& purposes) {
  std::string text;
  for (const std::string& purpose : purposes) text += (text.empty() ? "" : ", ") + purpose;
  return text;
}

std::string goes_text(const Withdrawal& one) {
  if (!one.locked()) return one.settled_to_stay() ? "stays: settled" : "stays";
  if (one.erased) return "erased";
  if (!one.here) return "not here";
  if (one.settled_to_go()) return "now: settled";
  if (!one.is_signed()) return "locked, not erased";
  return one.until ? to_string(*one.until) : "at the next import";
}

void add_line(program::Table& table, const Withdrawal& one) {
  const std::string id = to_hex(one.report.view()).substr(0, 8);
  if (one.verdict.everything != WithdrawalStanding::kNone)
    table.add({id, "all of it", withdrawal_standing(one.verdict.everything),
               one.verdict.said ? to_string(*one.verdict.said) : "", goes_text(one)});
  if (!one.verdict.purposes.empty())
    table.add({id, purposes_text(one.verdict.purposes),
               withdrawal_standing(WithdrawalStanding::kSigned), "", "stays"});
  if (!one.verdict.purposes_waiting.empty())
    table.add({id, purposes_text(one.verdict.purposes_waiting),
               withdrawal_standing(WithdrawalStanding::kWaiting), "", "stays"});
  if (one.verdict.purposes_unsigned != WithdrawalStanding::kNone)
    table.add(
        {id, "some purposes", withdrawal_standing(one.verdict.purposes_unsigned), "", "stays"});
  if (one.verdict.forged_replacement)
    table.add({id, "nothing", "forged: another receipt in the reporter's place", "", "stays"});
}

json::object one_json(const Withdrawal& one) {
  json::array purposes;
  for (const auto* set : {&one.verdict.purposes, &one.verdict.purposes_waiting})
    for (const std::string& purpose : *set) purposes.emplace_back(purpose);
  json::object object{{"report", to_hex(one.report.view())},
                      {"everything", withdrawal_standing(one.verdict.everything)},
                      {"locked", one.locked()},
                      {"here", one.here},
                      {"erased", one.erased},
                      {"purposes", std::move(purposes)},
                      {"purposesNotSigned", withdrawal_standing(one.verdict.purposes_unsigned)},
                      {"forgedReplacement", one.verdict.forged_replacement},
                      {"reasons", program::json_text(one.reasons)}};
  if (one.verdict.said) object["said"] = to_string(*one.verdict.said);
  if (one.until) object["until"] = to_string(*one.until);
  if (one.settled) object["settled"] = one.settled->erase ? "erase" : "keep";
  return object;
}

void print_all(const std::vector<Withdrawal>& all, std::size_t erased, Call& call) {
  if (call.console.json()) {
    json::array list;
    for (const Withdrawal& one : all) list.push_back(one_json(one));
    call.console.print(json::object{{"withdrawals", std::move(list)}, {"erasedNow", erased}});
    return;
  }
  if (all.empty()) return call.console.print(std::string("Nobody took anything back.\n"));
  program::Table table({"report", "taken back", "", "said on", "goes"});
  for (const Withdrawal& one : all) add_line(table, one);
  call.console.print(table.text());
  for (const Withdrawal& one : all)
    if (!one.reasons.empty())
      call.console.print("\nHeld longer, " + to_hex(one.report.view()).substr(0, 8) + ":\n" +
                         program::visible(one.reasons) + "\n");
  if (erased > 0) call.console.print("\nErased now: " + std::to_string(erased) + "\n");
}

void tell_unsigned(const std::vector<Withdrawal>& all, Call& call) {
  for (const Withdrawal& one : all) {
    if (one.verdict.everything == WithdrawalStanding::kWaiting && one.here)
      call.console.warn("report " + to_hex(one.report.view()).substr(0, 8) +
                        " was taken back by its reporter: locked; import the server's next bundle, "
                        "whose log must say so too");
    if (one.seen && !one.is_signed() && one.here && !one.settled_to_go())
      call.console.warn(
          "report " + to_hex(one.report.view()).substr(0, 8) +
          " was taken back, and a log says now that its reporter did not sign that: "
          "it stays locked and is not erased; tell your colleagues, and then `withdrawals "
          "--settle` erases it");
    const auto worst = std::max(one.verdict.purposes_unsigned,
                                one.locked() ? WithdrawalStanding::kNone : one.verdict.everything);
    if (worst == WithdrawalStanding::kNone || !one.here) continue;
    const bool whole = worst == one.verdict.everything;
    if (whole && one.settled_to_stay()) continue;
    if (worst == WithdrawalStanding::kUnsaid) {
      call.console.warn("report " + to_hex(one.report.view()).substr(0, 8) +
                        " ended after the backup that its server was restored from; nobody can "
                        "say whether its reporter took it back or its time was over: nothing is "
                        "locked or erased for it; `withdrawals --settle` decides");
      continue;
    }
    call.console.warn("the server claims that report " + to_hex(one.report.view()).substr(0, 8) +
                      " was taken back (" + withdrawal_standing(worst) +
                      "): nothing is locked or erased for it" +
                      (whole ? "; once people know, `withdrawals --settle` decides" : ""));
  }
}

// With an entry in the journal for each, if the vault has a key for it: what is due goes anyhow.
Outcome<std::vector<ReportId>> erase_due(Vault& vault, Call& call) {
  auto custody = VaultCustody::open(vault);
  const auto noted = [&](const ReportId& report) -> Status {
    return custody->append(journal_fact(JournalKind::kErased, {report}), call.now);
  };
  return at("vault",
            VaultWithdrawals(vault).erase_due(
                day_of(call.now), custody.ok() ? VaultWithdrawals::Noted(noted) : nullptr));
}

}  // namespace

Result<WithdrawnReports> WithdrawnReports::of(Vault& vault) {
  RESGUARDO_TRY(const auto all, VaultWithdrawals(vault).all());
  WithdrawnReports taken;
  for (const Withdrawal& one : all) {
    if (one.locked()) taken.locked_.insert(one.report);
    if (one.locked() && one.here) ++taken.locked_here_;
    auto purposes = one.verdict.purposes;
    purposes.insert(one.verdict.purposes_waiting.begin(), one.verdict.purposes_waiting.end());
    if (!purposes.empty()) taken.purposes_.emplace(one.report, std::move(purposes));
  }
  return taken;
}

void WithdrawnReports::apply(ReportView& report) const {
  if (const auto taken = purposes_.find(report.id); taken != purposes_.end())
    take_back(report, taken->second);
}

Outcome<Done> settle_withdrawals(Vault& vault, std::span<const Withdrawal> fresh, Call& call) {
  VaultWithdrawals withdrawals(vault);
  RESGUARDO_TRY(const auto erased, erase_due(vault, call));
  for (const Withdrawal& one : fresh)
    call.console.warn("report " + to_hex(one.report.view()).substr(0, 8) +
                      " was taken back by its reporter: locked from now on, erased on " +
                      to_string(*one.until) +
                      "; take it out of whatever you made of it. `withdrawals` says more");
  if (!erased.empty())
    call.console.note(std::to_string(erased.size()) +
                      " reports that were taken back were erased from the vault");
  RESGUARDO_TRY(const auto all, at("vault", withdrawals.all()));
  tell_unsigned(all, call);
  return Done{};
}

Outcome<Done> withdrawals(const WithdrawalsOptions& options, Call& call) {
  const auto tell = [&](Vault& vault) -> Outcome<Done> {
    RESGUARDO_TRY(const auto erased, erase_due(vault, call));
    RESGUARDO_TRY(const auto all, at("vault", VaultWithdrawals(vault).all()));
    print_all(all, erased.size(), call);
    return Done{};
  };
  if (options.hold.empty() && options.settle.empty()) {
    RESGUARDO_CHECK(nothing_to_decide(options));
    const auto& own = options.secrets.vault_passphrase;
    const bool has_own = own.file || own.descriptor;
    RESGUARDO_TRY(Vault vault,
                  open_vault_of({options.vault, has_own ? own : options.secrets.passphrase}, call));
    RESGUARDO_CHECK(at("vault", VaultWithdrawals(vault).note_new(day_of(call.now))));
    return tell(vault);
  }
  RESGUARDO_CHECK(may_decide(options));
  RESGUARDO_TRY(QuorumDesk desk, open_desk(options.vault, options.secrets));
  RESGUARDO_CHECK(at("vault", VaultWithdrawals(desk.vault).note_new(day_of(call.now))));
  RESGUARDO_CHECK(decide_withdrawal(options, desk, call));
  return tell(desk.vault);
}

}  // namespace resguardo::analyst
