// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/withdrawal_decisions.h"

#include "program/confirmation.h"

namespace resguardo::analyst {
namespace {

using program::at;
using program::Outcome;
using program::Problem;
using program::usage_problem;

// Of any withdrawal, also of a report that is locked.
Outcome<ReportId> find_withdrawn(VaultWithdrawals& withdrawals, const std::string& beginning) {
  RESGUARDO_TRY(const auto all, at("vault", withdrawals.all()));
  std::optional<ReportId> found;
  for (const Withdrawal& one : all) {
    if (!to_hex(one.report.view()).starts_with(beginning)) continue;
    if (found)
      return usage_problem(beginning, "begins more than one report's id", "give more of it");
    found = one.report;
  }
  if (!found || beginning.empty())
    return Problem{beginning, "no such report was taken back", "`withdrawals` names them"};
  return *found;
}

Outcome<Done> hold_longer(const WithdrawalsOptions& options, QuorumDesk& desk, Call& call) {
  const auto until = parse_day(options.until);
  if (!until) return usage_problem("--until", "is no day", "write it as 2026-12-31");
  VaultWithdrawals withdrawals(desk.vault);
  RESGUARDO_TRY(const ReportId report, find_withdrawn(withdrawals, options.hold));
  RESGUARDO_TRY(auto into, at(desk.where, desk.vault.begin()));
  RESGUARDO_TRY(const Day day, at(options.hold, withdrawals.hold(report, *until, options.reason,
                                                                 day_of(call.now))));
  RESGUARDO_CHECK(note_in_journal(desk, into,
                                  {JournalKind::kWithdrawalHeld,
                                   report,
                                   {},
                                   {},
                                   "until " + to_string(day) + ": " + options.reason},
                                  call));
  call.console.note("held until " + to_string(day) + "; it stays locked");
  return Done{};
}

Outcome<Done> settle(const WithdrawalsOptions& options, QuorumDesk& desk, Call& call) {
  const bool erase = options.how == "erase";
  VaultWithdrawals withdrawals(desk.vault);
  RESGUARDO_TRY(const ReportId report, find_withdrawn(withdrawals, options.settle));
  RESGUARDO_CHECK(at(options.settle, withdrawals.may_settle(report, erase)));
  const std::string id = to_hex(report.view()).substr(0, 8);
  if (erase)
    RESGUARDO_CHECK(program::confirm_typed(
        "Report " + id +
            " is erased from this vault now, for good. Nobody verified that its reporter took it "
            "back.",
        "erase " + id));
  RESGUARDO_TRY(auto into, at(desk.where, desk.vault.begin()));
  RESGUARDO_CHECK(
      at(options.settle, withdrawals.settle(report, erase, options.reason, day_of(call.now))));
  RESGUARDO_CHECK(
      note_in_journal(desk, into,
                      {erase ? JournalKind::kWithdrawalHonoured : JournalKind::kWithdrawalKept,
                       report,
                       {},
                       {},
                       options.reason},
                      call));
  call.console.note(erase ? "settled: report " + id + " goes"
                          : "settled: report " + id + " stays; a signed withdrawal takes it yet");
  return Done{};
}

}  // namespace

Outcome<Done> nothing_to_decide(const WithdrawalsOptions& options) {
  if (!options.until.empty()) return usage_problem("--until", "belongs to --hold ID");
  if (!options.how.empty()) return usage_problem("--as", "belongs to --settle ID");
  if (!options.reason.empty() || !options.secrets.key.empty())
    return usage_problem("--reason", "and --key belong to --hold ID and --settle ID");
  return Done{};
}

Outcome<Done> may_decide(const WithdrawalsOptions& options) {
  if (!options.hold.empty() && !options.settle.empty())
    return usage_problem("--settle", "and --hold are two things", "give one of them");
  if (!options.settle.empty() && options.how != "keep" && options.how != "erase")
    return usage_problem("--as", "is keep or erase");
  if (options.settle.empty() != options.how.empty())
    return usage_problem("--as", "belongs to --settle ID");
  if (options.hold.empty() && !options.until.empty())
    return usage_problem("--until", "belongs to --hold ID");
  if (options.reason.empty())
    return usage_problem("--reason", "is needed: the journal keeps it, signed");
  if (options.secrets.key.empty()) return usage_problem("--key", "is needed: it signs the journal");
  return Done{};
}

Outcome<Done> decide_withdrawal(const WithdrawalsOptions& options, QuorumDesk& desk, Call& call) {
  return options.settle.empty() ? hold_longer(options, desk, call) : settle(options, desk, call);
}

}  // namespace resguardo::analyst
