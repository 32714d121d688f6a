// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/seal/roster_roots.h"

#include <algorithm>

namespace resguardo {

RootsDue roots_due(const PublicKey<RootRole>& pin, const std::optional<RosterAnchor>& anchor) {
  if (!anchor) return {pin, std::nullopt};
  if (!anchor->root) return {pin, anchor->next_root};
  if (pin != anchor->pin && pin != *anchor->root) return {pin, std::nullopt};
  return {*anchor->root, anchor->next_root};
}

Status check_signers(const std::vector<PublicKey<RootRole>>& signers, const RootsDue& due) {
  const auto signed_by = [&](const PublicKey<RootRole>& key) {
    return std::ranges::find(signers, key) != signers.end();
  };
  if (!signed_by(due.root)) {
    if (due.next && signed_by(*due.next))
      return Error{Fault::kUnauthentic,
                   "the new root signed the roster without the old one: both must, once"};
    return Error{Fault::kUnauthentic, "the roster is not signed by the root key given"};
  }
  if (!due.next) {
    if (signers.size() == 1) return success();
    return Error{Fault::kUnauthentic,
                 "a second root signed, which the roster before did not announce"};
  }
  if (!signed_by(*due.next))
    return Error{Fault::kUnauthentic,
                 "the roster before announced a new root: its signature is missing"};
  if (signers.front() != due.root)
    return Error{Fault::kMalformed, "the old root's signature comes before the new root's"};
  return success();
}

Result<PublicKey<RootRole>> check_roots(const SignedRoster& roster, const PublicKey<RootRole>& pin,
                                        const std::optional<RosterAnchor>& anchor) {
  const RootsDue due = roots_due(pin, anchor);
  if (anchor && roster.roster.number <= anchor->number) {
    // The same again was checked when it was accepted; a pin replaced since must have signed it
    // too. Another one is refused for its number, unless it is a stranger's.
    const auto signed_by = [&](const std::optional<PublicKey<RootRole>>& key) {
      return key && std::ranges::find(roster.signers, *key) != roster.signers.end();
    };
    const bool same = roster.roster.digest == anchor->digest;
    if (!signed_by(due.root) && (same || !(signed_by(pin) || signed_by(due.next))))
      return Error{Fault::kUnauthentic, "the roster is not signed by the root key given"};
    return due.root;
  }
  RESGUARDO_CHECK(check_signers(roster.signers, due));
  return due.next.value_or(due.root);
}

}  // namespace resguardo
