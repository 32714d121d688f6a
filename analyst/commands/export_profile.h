// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <vector>

#include "analyst/commands/incidents.h"
#include "analyst/export/profile.h"
#include "analyst/vault/journal_entry.h"

namespace resguardo::analyst {

// Which profile was asked for. kUsage: none of that name, or one that another option of the same
// export contradicts: whole reports, files, exact numbers, or reports that do not allow it.
program::Outcome<Profile> profile_of(const ExportOptions& options);

// For the public: `incidents` are those that were chosen, ascending.
struct ReleaseDraft {
  const VaultOptions& vault;
  std::string made;  // "tables for research"
  const std::vector<IncidentKey>& incidents;
};
// A problem: nobody is there in whose name something could be released.
program::Outcome<Done> may_release(const VaultOptions& options, OpenVault& open, Call& call);
// A problem: the ledger has a release that this one differs from by too few incidents.
program::Outcome<Done> ledger_allows(OpenVault& open, const std::vector<IncidentKey>& incidents);
// Into the ledger, with what was asked for, and the journal, together.
program::Outcome<Done> keep_release(const ReleaseDraft& draft, const IncidentChoice& choice,
                                    OpenVault& open, const JournalFact& fact, Call& call);

// One line for each release to the public.
program::Outcome<Done> list_releases(const VaultOptions& options, Call& call);

}  // namespace resguardo::analyst
