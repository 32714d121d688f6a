// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/reports.h"

#include <boost/json.hpp>

#include "analyst/commands/logs.h"
#include "analyst/commands/report_text.h"
#include "analyst/export/exporter.h"
#include "analyst/report/report_json.h"
#include "analyst/vault/vault.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

using program::at;
using program::Outcome;
using program::Problem;

struct OpenVault {
  Vault vault;
  FormShelf forms;
  std::string where;
};

Outcome<OpenVault> open_vault(const VaultOptions& options) {
  const std::string where = options.vault.string();
  if (!Vault::exists(options.vault))
    return Problem{where, "there is no vault", "`import` makes one"};
  RESGUARDO_TRY(
      const auto passphrase,
      program::read_passphrase(options.passphrase, "Passphrase of the vault " + where, false));
  RESGUARDO_TRY(auto vault, at(where, Vault::open(options.vault, passphrase)));
  RESGUARDO_TRY(auto forms, at(where, vault.forms()));
  return OpenVault{std::move(vault), std::move(forms), where};
}

ReportView view_with(const StoredReport& stored, const FormShelf& forms) {
  ReportView view = view_of(stored);
  if (!forms.contains(view.form)) view.flags.insert(Flag::kUnknownForm);
  return view;
}

Outcome<Done> walk_reports(OpenVault& open, const ReportVisitor& visitor) {
  RESGUARDO_TRY(const auto ids, at(open.where, open.vault.ids()));
  for (const ReportId& id : ids) {
    RESGUARDO_TRY(const StoredReport stored, at(open.where, open.vault.report(id)));
    RESGUARDO_CHECK(visitor(view_with(stored, open.forms)));
  }
  return Done{};
}

std::string flags_text(const ReportView& report) {
  std::string text;
  for (const Flag flag : report.flags)
    text += (text.empty() ? "" : " ") + std::string(flag_text(flag));
  return text;
}

}  // namespace

Outcome<Vault> open_vault_of(const VaultOptions& options) {
  RESGUARDO_TRY(OpenVault open, open_vault(options));
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
  return *found;
}

Outcome<Done> list_reports(const VaultOptions& options, Call& call) {
  RESGUARDO_TRY(OpenVault open, open_vault(options));
  boost::json::array reports;
  program::Table table({"report", "day", "form", "language", "status", "answers", "flags"});
  RESGUARDO_CHECK(walk_reports(open, [&](const ReportView& report) -> Outcome<Done> {
    if (call.console.json())
      reports.push_back(summary_json(report, open.forms));
    else
      table.add({short_id(report), to_string(report.day), form_text(report, open.forms),
                 report.final.language(), std::string(status_text(report.status)),
                 std::to_string(report.current_answers()), flags_text(report)});
    return Done{};
  }));
  if (call.console.json())
    call.console.print(boost::json::object{{"reports", reports}});
  else
    call.console.print(table.text());
  return Done{};
}

Outcome<Done> show_report(const ShowOptions& options, Call& call) {
  RESGUARDO_TRY(OpenVault open, open_vault(options.vault));
  RESGUARDO_TRY(const ReportId id, find_report(open.vault, options.id));
  RESGUARDO_TRY(const StoredReport stored, at(open.where, open.vault.report(id)));
  const ReportView report = view_with(stored, open.forms);
  if (call.console.json())
    call.console.print(report_json(report, open.forms));
  else
    call.console.print(report_text(report, open.forms, options.language, options.all));
  return Done{};
}

Outcome<Done> export_reports(const ExportOptions& options, Call& call) {
  const auto exporter = make_exporter(options.format);
  if (exporter == nullptr)
    return program::usage_problem("--format " + options.format, "is no format of this program");
  RESGUARDO_TRY(ExportFiles files, ExportFiles::create(options.out));
  RESGUARDO_TRY(OpenVault open, open_vault(options.vault));
  const ReportSource source = [&](const ReportVisitor& visitor) {
    return walk_reports(open, visitor);
  };
  RESGUARDO_CHECK(exporter->write(source, open.forms, files));
  const std::size_t changed = files.changes().size();
  RESGUARDO_CHECK(files.commit(options.format, open.forms));
  if (call.console.json()) {
    call.console.print(boost::json::object{{"reports", files.reports}, {"changedCells", changed}});
    return Done{};
  }
  call.console.print(std::to_string(files.reports) + " reports written to " +
                     program::visible(options.out.string()) + "\n");
  if (changed > 0)
    call.console.note(std::to_string(changed) +
                      " cells were changed to be harmless; the manifest lists them, NDJSON has "
                      "the exact words");
  return Done{};
}

}  // namespace resguardo::analyst
