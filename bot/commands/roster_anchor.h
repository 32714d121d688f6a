// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>

#include "crypto/base/bytes.h"
#include "crypto/seal/roster.h"

namespace resguardo::commands {

// The roster accepted last, as a fact of the store. Public data:
//   number(8, little-endian) ‖ digest(32) ‖ pin(32) ‖ root(32) ‖ next root(32; zeros: none),
//   then for each list: member(16) ‖ number(8) ‖ digest(32).
// Reads also what was written before roots could change: without pin, root and next root.
Bytes write_anchor(const RosterAnchor& anchor);  // one with a root, as VerifiedRoster gives it
std::optional<RosterAnchor> read_anchor(ByteView bytes);

}  // namespace resguardo::commands
