// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/import/vault_shelf.h"

namespace resguardo::analyst {

Result<RosterShelf> shelf_of(Vault& vault) {
  RosterShelf shelf(vault.root());
  RESGUARDO_TRY(const auto rosters, vault.rosters());
  for (const auto& roster : rosters) RESGUARDO_CHECK(shelf.add(roster.file));
  return shelf;
}

}  // namespace resguardo::analyst
