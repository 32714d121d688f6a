// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/vault_reports.h"

#include <charconv>

#include "analyst/commands/logs.h"
#include "analyst/commands/work.h"
#include "analyst/vault/vault_decisions.h"

namespace resguardo::analyst {
namespace {

using program::at;
using program::Outcome;
using program::Problem;

}  // namespace

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

Outcome<OpenVault> open_vault(const VaultOptions& options, Call& call) {
  RESGUARDO_TRY(OpenVault open, open_vault(options));
  RESGUARDO_CHECK(tell_work(open.vault, call));
  return open;
}

ReportView view_with(const StoredReport& stored, const FormShelf& forms,
                     const WithdrawnReports& taken) {
  ReportView view = view_of(stored);
  taken.apply(view);
  if (!forms.contains(view.form)) view.flags.insert(Flag::kUnknownForm);
  return view;
}

Outcome<ReportView> read_report(OpenVault& open, const ReportId& id) {
  RESGUARDO_TRY(const StoredReport stored, at(open.where, open.vault.report(id)));
  RESGUARDO_TRY(const auto taken, at(open.where, WithdrawnReports::of(open.vault)));
  ReportView view = view_with(stored, open.forms, taken);
  RESGUARDO_TRY(view.decisions, at(open.where, VaultDecisions(open.vault).of(id)));
  return view;
}

Outcome<IncidentKey> find_incident(Vault& vault, const std::string& name) {
  const auto dash = name.find('-');
  IncidentKey found{{}, 0};
  if (dash != std::string::npos) {
    const char* const end = name.data() + name.size();
    const auto read = std::from_chars(name.data() + dash + 1, end, found.number);
    if (read.ec != std::errc() || read.ptr != end) found.number = 0;
  }
  if (found.number == 0)
    return program::usage_problem(name, "is no incident",
                                  "write it as `incidents` prints it: 1a2b3c4d-1");
  RESGUARDO_TRY(found.report, find_report(vault, name.substr(0, dash)));
  return found;
}

Outcome<Done> walk_reports(OpenVault& open, const ReportVisitor& visitor) {
  RESGUARDO_TRY(const auto ids, at(open.where, open.vault.ids()));
  RESGUARDO_TRY(const auto taken, at(open.where, WithdrawnReports::of(open.vault)));
  RESGUARDO_TRY(const auto decided, at(open.where, VaultDecisions(open.vault).all()));
  for (const ReportId& id : ids) {
    if (taken.locked(id)) continue;
    RESGUARDO_TRY(const StoredReport stored, at(open.where, open.vault.report(id)));
    ReportView view = view_with(stored, open.forms, taken);
    if (const auto found = decided.find(id); found != decided.end()) view.decisions = found->second;
    RESGUARDO_CHECK(visitor(view));
  }
  return Done{};
}

Outcome<Done> tell_locked(OpenVault& open, Call& call) {
  RESGUARDO_TRY(const auto taken, at(open.where, WithdrawnReports::of(open.vault)));
  if (taken.locked_here() > 0)
    call.console.note(
        std::to_string(taken.locked_here()) +
        " reports were taken back by their reporters and are left out: `withdrawals`");
  return Done{};
}

}  // namespace resguardo::analyst
