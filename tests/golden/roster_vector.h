// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "crypto/seal/roster.h"
#include "tests/golden/vector.h"

namespace resguardo::testing_support {

// One of tests/golden/roster: a file, and who meets it when, after what.
struct RosterVector {
  GoldenVector fields;
  Bytes file;
  PublicKey<RootRole> root;
  TimePoint now;
  std::optional<RosterAnchor> anchor;
  std::string expect;  // success, or a fault of faults.h

  static RosterVector read(const std::string& name);
  Result<VerifiedRoster> verify() const { return VerifiedRoster::verify(file, root, now, anchor); }
};

std::vector<std::string> roster_vectors();  // their names, sorted

}  // namespace resguardo::testing_support
