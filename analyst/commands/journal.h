// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "analyst/commands/call.h"
#include "analyst/commands/reports.h"
#include "analyst/import/roster_shelf.h"
#include "analyst/vault/journal_entry.h"

namespace resguardo::analyst {

struct JournalOptions {
  VaultOptions vault;
  std::string id;    // of a report, or how it begins, also one that is erased; empty: all entries
  std::string head;  // "NUMBER:DIGEST" that was noted elsewhere: the journal must go on from it
};
// What was done with a vault, and by whom: all of it, or with one report.
program::Outcome<Done> show_journal(const JournalOptions& options, Call& call);
// Computes again every link and signature, and every digest of what the vault keeps. kFailed: says
// at which entry, or what was changed.
program::Outcome<Done> verify_journal(const JournalOptions& options, Call& call);

const char* deed_text(JournalKind kind);
// Whether a roster has the member's own key that stands behind the entry.
bool vouched(const RosterShelf& shelf, const JournalEntry& entry);

}  // namespace resguardo::analyst
