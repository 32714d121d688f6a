// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyst/import/roster_shelf.h"
#include "analyst/vault/vault_log.h"
#include "crypto/log/log_entry.h"

namespace resguardo::analyst {

// A roster that a server has accepted since the last import, as an analyst should hear of it: so
// that nobody becomes a reader, and no key is exchanged, unnoticed (protocol.md §2).
struct RosterNews {
  std::uint64_t number = 0;
  std::vector<std::string> changes;  // against the roster before; empty: readers and keys stay
  std::optional<Day> accepted;       // as the server's log says; nothing: it does not say so
};

// Of the shelf's rosters above `seen`, in order. `week`: whose keys and readers are compared.
std::vector<RosterNews> roster_news(const RosterShelf& shelf, std::uint64_t seen, Week week,
                                    const std::vector<LogFact>& accepted);

// The ROSTER entries in `logs`, waiting ones too.
Result<std::vector<LogFact>> accepted_rosters(VaultLog& logs);

// Acceptances of which no roster here can be: the server sealed for somebody it does not show.
std::vector<LogFact> rosters_not_shown(const RosterShelf& shelf,
                                       const std::vector<LogFact>& accepted);

}  // namespace resguardo::analyst
