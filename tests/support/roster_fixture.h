// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "crypto/base/clock.h"
#include "crypto/open/analyst_keys.h"
#include "crypto/open/roster_maker.h"
#include "crypto/seal/roster.h"

namespace resguardo::testing_support {

struct RosterFixtureOptions {
  std::size_t analysts = 2;
  Week first_week;  // e.g. week_of(now)
  std::uint32_t weeks = 4;
  bool reserve = true;
  int valid_days = 365;  // from the first week's Monday
  std::vector<PublicKey<LogRole>> log_keys;
  std::string log_origin;  // with log_keys, or neither
};

// Link resguardo::sealing_fixture.
//
// A root, n analysts with real keys (in memory, no passphrase) and the roster that vets them.
// Analyst i has the label "analyst i"; every one reads both compartments.
struct RosterFixture {
  open::SecretKey<RootRole> root;
  std::vector<open::AnalystKeys> analysts;
  std::string file;  // signed RosterFile, armoured
  VerifiedRoster roster;
};

// Throws on failure: a test cannot go on.
RosterFixture make_roster(const RosterFixtureOptions& options);

// One analyst with keys of its own, and the public half for a roster.
struct FixtureAnalyst {
  open::AnalystKeys keys;
  open::MemberPublic half;
};
FixtureAnalyst make_analyst(const std::string& label, const RosterFixtureOptions& options);

}  // namespace resguardo::testing_support
