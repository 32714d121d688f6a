// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "crypto/seal/roster.h"
#include "crypto/seal/roster_content.h"

namespace resguardo {

// Who has to sign the roster that follows.
struct RootsDue {
  PublicKey<RootRole> root;
  std::optional<PublicKey<RootRole>> next;  // announced: signs too, after `root`
};

// After `anchor`, for whoever believes `pin`. A pin that is neither the one the anchor was accepted
// under nor the root it led to was replaced by hand: it signs alone, whatever was announced.
RootsDue roots_due(const PublicKey<RootRole>& pin, const std::optional<RosterAnchor>& anchor);

// kUnauthentic: somebody else signed, or one of the two due is missing; kMalformed: the two stand
// in the wrong order.
Status check_signers(const std::vector<PublicKey<RootRole>>& signers, const RootsDue& due);

// The root that signs the roster after this one. The roster accepted last may come again; one below
// it is left to the check of numbers.
Result<PublicKey<RootRole>> check_roots(const SignedRoster& roster, const PublicKey<RootRole>& pin,
                                        const std::optional<RosterAnchor>& anchor);

}  // namespace resguardo
