// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

#include "analyst/commands/reports.h"
#include "analyst/commands/withdrawals.h"
#include "analyst/duplicates/traits.h"
#include "analyst/report/form_texts.h"
#include "analyst/vault/vault.h"

namespace resguardo::analyst {

// A vault whose passphrase was right, with the questionnaires that it can read.
struct OpenVault {
  Vault vault;
  FormShelf forms;
  std::string where;  // as it was named on the command line
};
program::Outcome<OpenVault> open_vault(const VaultOptions& options);
// The same, and says that files lie open, if they do.
program::Outcome<OpenVault> open_vault(const VaultOptions& options, Call& call);

// With what its reporter took back, and whether its questionnaire is here.
ReportView view_with(const StoredReport& stored, const FormShelf& forms,
                     const WithdrawnReports& taken);

// One report, with what its reporter took back and what was decided of it.
program::Outcome<ReportView> read_report(OpenVault& open, const ReportId& id);

// By the name that `incidents` prints, "1a2b3c4d-2". Its report is here; whether it tells of so
// many incidents is not looked at.
program::Outcome<IncidentKey> find_incident(Vault& vault, const std::string& name);

using ReportVisitor = std::function<program::Outcome<Done>(const ReportView&)>;
// Reports in order of their ids. Those that were taken back are left out.
program::Outcome<Done> walk_reports(OpenVault& open, const ReportVisitor& visitor);
// Says how many were left out, so that nobody looks for them.
program::Outcome<Done> tell_locked(OpenVault& open, Call& call);

}  // namespace resguardo::analyst
