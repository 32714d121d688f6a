// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>

#include "analyst/commands/bundles.h"
#include "analyst/import/roster_shelf.h"
#include "analyst/vault/vault.h"

namespace resguardo::analyst {

// The vault that is there, or none yet; and whom it believes.
struct Known {
  std::optional<Vault> vault;
  PublicKey<RootRole> root;
};

program::Outcome<Known> find_vault(const ImportOptions& options, const SecretBytes& passphrase);
// Makes it if there is none.
program::Outcome<Done> make_vault(const ImportOptions& options, Known& known,
                                  const SecretBytes& passphrase, const open::LockCost& cost);
// Makes the key with which the vault signs its journal for this member, once.
program::Outcome<Done> begin_custody(Vault& vault, const Secrets& secrets, Call& call);
// What came of this file, into the journal, signed with the member's own key.
program::Outcome<Done> note_imported(const Digest& file, const std::vector<ReportId>& reports,
                                     Vault& vault, const Secrets& secrets, Call& call);
// The rosters that it holds.
program::Outcome<RosterShelf> shelf_of(const ImportOptions& options, Known& known);

}  // namespace resguardo::analyst
