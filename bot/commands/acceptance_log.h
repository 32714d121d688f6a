// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "crypto/base/random.h"
#include "crypto/log/log_entry.h"
#include "crypto/seal/roster.h"
#include "storage/store.h"

namespace resguardo::commands {

// What the log has to say of accepting `roster` after `before`: ROSTER, if it is another one, and
// EPOCH_LIST for each list that was not accepted before. So a reader or a key that was added on the
// quiet shows at the next import (protocol.md §2). Digests are SHA-256 of what is signed.
std::vector<LogFact> acceptance_facts(const VerifiedRoster& roster,
                                      const std::optional<RosterAnchor>& before, Day today);

// Logs them, once: an acceptance that was cut short and is made again, also on another day, adds
// nothing a second time. Reads the whole log for it. Call it before the acceptance is remembered.
Status log_acceptance(storage::Store& store, const VerifiedRoster& roster,
                      const std::optional<RosterAnchor>& before, Day today, RandomSource& salts);

}  // namespace resguardo::commands
