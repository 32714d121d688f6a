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
// The rosters that it holds.
program::Outcome<RosterShelf> shelf_of(const ImportOptions& options, Known& known);

}  // namespace resguardo::analyst
