// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/import/roster_shelf.h"

#include <gtest/gtest.h>

#include "crypto/open/roster_maker.h"
#include "tests/support/roster_fixture.h"
#include "tests/support/seeded_random.h"

namespace resguardo::analyst {
namespace {

const TimePoint kNow = start_of(Day{20700});

class RosterShelfTest : public ::testing::Test {
 protected:
  // A roster that follows `before` and expires in `days`.
  Bytes next(ByteView before, int days) {
    auto draft = open::RosterDraft::following(before, fixture_.root.public_key()).value();
    auto terms = draft.terms();
    terms.expires = Day{terms.issued.number + days};
    draft.set_terms(terms);
    return roster_bytes(as_bytes(draft.sign(fixture_.root).value())).value();
  }
  testing_support::RosterFixture fixture_ =
      testing_support::make_roster({.analysts = 1,
                                    .first_week = week_of(kNow),
                                    .weeks = 2,
                                    .reserve = true,
                                    .valid_days = 365,
                                    .log_keys = {},
                                    .log_origin = ""});
  Bytes first_ = roster_bytes(as_bytes(fixture_.file)).value();
  RosterShelf shelf_{fixture_.root.public_key()};
};

TEST_F(RosterShelfTest, AHistoryIsTakenInAnyOrderAndTwice) {
  const Bytes second = next(first_, 100);
  const Bytes third = next(second, 100);
  for (const Bytes& file : {third, first_, second, third}) EXPECT_TRUE(shelf_.add(file).ok());
}

TEST_F(RosterShelfTest, TwoHistoriesContradictEachOther) {
  const Bytes second = next(first_, 100);
  const Bytes other = next(first_, 200);
  ASSERT_TRUE(shelf_.add(second).ok());
  EXPECT_EQ(shelf_.add(other).error().fault, Fault::kConflict);
  EXPECT_EQ(shelf_.add(next(other, 100)).error().fault, Fault::kConflict);
}

TEST_F(RosterShelfTest, AnotherRootsRosterIsNotTaken) {
  RosterShelf other(open::SecretKey<RootRole>::generate().value().public_key());
  EXPECT_EQ(other.add(first_).error().fault, Fault::kUnauthentic);
}

TEST_F(RosterShelfTest, AnExpiredRosterStillSaysWhoWasVetted) {
  EXPECT_TRUE(shelf_.add(first_).ok());
  EXPECT_FALSE(verify_alone(first_, fixture_.root.public_key(), start_of(Day{30000})).ok());
  EXPECT_EQ(shelf_.label(fixture_.analysts.front().member()), "analyst 0");
}

}  // namespace
}  // namespace resguardo::analyst
