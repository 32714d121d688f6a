// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "analyst/import/roster_shelf.h"
#include "analyst/vault/vault.h"

namespace resguardo::analyst {

// The rosters that a vault holds, as far as its root makes them believable.
Result<RosterShelf> shelf_of(Vault& vault);

}  // namespace resguardo::analyst
