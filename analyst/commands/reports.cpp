// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/reports.h"

#include <boost/json.hpp>

#include "analyst/commands/custody.h"
#include "analyst/commands/decide.h"
#include "analyst/commands/logs.h"
#include "analyst/commands/report_text.h"
#include "analyst/commands/vault_reports.h"
#include "analyst/commands/withdrawals.h"
#include "analyst/import/vault_shelf.h"
#include "analyst/incident/decisions.h"
#include "analyst/report/report_json.h"
#include "analyst/vault/vault.h"
#include "analyst/vault/vault_decisions.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

using program::at;
using program::Outcome;
using program::Problem;

std::string files_text(const ReportView& report) {
  if (report.media.empty()) return "";
  return std::to_string(report.files_here()) + " of " + std::to_string(report.media.size());
}

}  // namespace

Outcome<Vault> open_vault_of(const VaultOptions& options, Call& call) {
  RESGUARDO_TRY(OpenVault open, open_vault(options, call));
  return std::move(open.vault);
}

Outcome<ReportId> find_report(Vault& vault, const std::string& beginning) {
  RESGUARDO_TRY(const auto ids, at("vault", vault.ids()));
  std::optional<ReportId> found;
  for (const ReportId& id : ids) {
    if (!to_hex(id.view()).starts_with(beginning)) continue;
    if (found)
      return program::usage_problem(beginning, "begins more than one report's id",
                                    "give more of it");
    found = id;
  }
  if (!found || beginning.empty())
    return Problem{beginning, "there is no such report in the vault", "`list` names them"};
  RESGUARDO_TRY(const auto taken, at("vault", WithdrawnReports::of(vault)));
  if (taken.locked(*found))
    return Problem{beginning, "was taken back by its reporter, and is locked",
                   "`withdrawals` says since when, and when it goes"};
  return *found;
}

Outcome<Done> list_reports(const VaultOptions& options, Call& call) {
  RESGUARDO_TRY(OpenVault open, open_vault(options, call));
  boost::json::array reports;
  program::Table table(
      {"report", "day", "form", "language", "status", "answers", "files", "flags"});
  RESGUARDO_CHECK(walk_reports(open, [&](const ReportView& report) -> Outcome<Done> {
    if (call.console.json())
      reports.push_back(summary_json(report, open.forms));
    else
      table.add({short_id(report), to_string(report.day), form_text(report, open.forms),
                 report.final.language(), std::string(status_text(report.status)),
                 std::to_string(report.current_answers()), files_text(report),
                 flags_text(report.flags, " ")});
    return Done{};
  }));
  if (call.console.json())
    call.console.print(boost::json::object{{"reports", reports}});
  else
    call.console.print(table.text());
  return tell_locked(open, call);
}

Outcome<Done> show_report(const ShowOptions& options, Call& call) {
  RESGUARDO_TRY(OpenVault open, open_vault(options.vault, call));
  RESGUARDO_TRY(const ReportId id, find_report(open.vault, options.id));
  RESGUARDO_TRY(const ReportView report, read_report(open, id));
  RESGUARDO_TRY(const ReportCoder coder, at("codes", ReportCoder::built_in()));
  RESGUARDO_TRY(const RosterShelf shelf, at(open.where, shelf_of(open.vault)));
  RESGUARDO_CHECK(keep_in_journal(open.vault, options.vault.as,
                                  journal_fact(JournalKind::kViewed, {id}), call));
  if (call.console.json()) {
    auto object = report_json(report, open.forms);
    object["decisions"] = decisions_json(report);
    call.console.print(object);
  } else {
    call.console.print(report_text(report, open.forms, options.language, options.all) +
                       decisions_text(report, coder.code(report, open.forms), shelf));
  }
  return Done{};
}

}  // namespace resguardo::analyst
