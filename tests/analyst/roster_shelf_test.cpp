// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/import/roster_shelf.h"

#include <gtest/gtest.h>

#include "crypto/open/roster_maker.h"
#include "tests/support/roster_fixture.h"
#include "tests/support/seeded_random.h"

namespace resguardo::analyst {
namespace {

const TimePoint kShelfDay = start_of(Day{20700});

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
                                    .first_week = week_of(kShelfDay),
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
  EXPECT_TRUE(shelf_.settled().ok());
  EXPECT_EQ(shelf_.entries().size(), 3U);
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
  ASSERT_TRUE(other.add(first_).ok());
  EXPECT_TRUE(other.empty());
  EXPECT_EQ(other.settled().error().fault, Fault::kUnauthentic);
}

// Found by comparing the two readers: a server could put its own key beside a member's name, and
// whoever else opened the segment was told that it fits.
TEST_F(RosterShelfTest, ASegmentIsSealedToTheRostersKeysNotOnlyToItsNames) {
  ASSERT_TRUE(shelf_.add(first_).ok());
  const Recipients sound = fixture_.roster.recipients(week_of(kShelfDay)).value();
  const auto judged = [&](const Recipients& readers) {
    open::SegmentClaims claims;
    claims.week = readers.week;
    claims.roster_digest = readers.roster_digest;
    claims.lists_digest = readers.lists_digest;
    for (const StreamId stream : kStreams)
      claims.members[static_cast<std::size_t>(stream)] =
          readers.members[static_cast<std::size_t>(stream)];
    return shelf_.judge(claims);
  };
  EXPECT_EQ(judged(sound), RosterVerdict::kFits);
  for (const StreamId stream : kStreams) {
    Recipients other = sound;
    auto& reader = other.members[static_cast<std::size_t>(stream)].front();
    reader.key = open::SecretKey<EpochRole>::generate().value().public_key();
    EXPECT_EQ(judged(other), RosterVerdict::kOtherMembers);
    reader = sound.members[0].front();
    reader.reserve = true;
    EXPECT_EQ(judged(other), RosterVerdict::kOtherMembers);
  }
}

class RosterShelfRotationTest : public RosterShelfTest {
 protected:
  RosterShelfRotationTest() {
    auto draft = open::RosterDraft::following(first_, fixture_.root.public_key()).value();
    auto terms = draft.terms();
    terms.next_root = new_.public_key();
    draft.set_terms(terms);
    announcing_ = roster_bytes(as_bytes(draft.sign(fixture_.root).value())).value();
    auto both = open::RosterDraft::following(announcing_, fixture_.root.public_key()).value();
    EXPECT_TRUE(both.add_signature(fixture_.root).ok());
    EXPECT_TRUE(both.add_signature(new_).ok());
    changing_ = roster_bytes(as_bytes(both.finished().value())).value();
    const auto last = open::RosterDraft::following(changing_, new_.public_key()).value();
    last_ = roster_bytes(as_bytes(last.sign(new_).value())).value();
  }
  static std::size_t believed(const PublicKey<RootRole>& pin, const std::vector<Bytes>& files) {
    RosterShelf shelf(pin);
    for (const Bytes& file : files) EXPECT_TRUE(shelf.add(file).ok());
    EXPECT_EQ(shelf.settled().ok(), shelf.entries().size() == files.size());
    return shelf.entries().size();
  }
  open::SecretKey<RootRole> new_ = open::SecretKey<RootRole>::generate().value();
  const PublicKey<RootRole> pin_ = fixture_.root.public_key();
  Bytes announcing_, changing_, last_;
};

TEST_F(RosterShelfRotationTest, AChangeOfRootIsFollowedInAnyOrder) {
  EXPECT_EQ(believed(pin_, {first_, announcing_, changing_, last_}), 4U);
  EXPECT_EQ(believed(pin_, {last_, changing_, announcing_, first_}), 4U);
  EXPECT_EQ(believed(pin_, {changing_, first_, last_, announcing_}), 4U);
}

TEST_F(RosterShelfRotationTest, TheNewRootVouchesForWhatWasBefore) {
  EXPECT_EQ(believed(new_.public_key(), {first_, announcing_, changing_, last_}), 4U);
  EXPECT_EQ(believed(new_.public_key(), {first_, announcing_}), 0U);
  EXPECT_EQ(believed(new_.public_key(), {first_, changing_, last_}), 2U);  // a link is missing
}

TEST_F(RosterShelfRotationTest, WithoutTheAnnouncementASecondRootHasNoWeight) {
  EXPECT_EQ(believed(pin_, {first_, changing_, last_}), 2U);
}

TEST_F(RosterShelfRotationTest, TheOldRootIsNotBelievedAfterwards) {
  // Somebody who kept the old root signs a fourth roster with it.
  auto draft = open::RosterDraft::following(changing_, new_.public_key()).value();
  draft.replace_root(pin_);
  const Bytes stolen = roster_bytes(as_bytes(draft.sign(fixture_.root).value())).value();
  EXPECT_EQ(believed(pin_, {first_, announcing_, changing_, stolen}), 3U);
  EXPECT_EQ(believed(pin_, {stolen, first_, announcing_, changing_}), 3U);
}

TEST_F(RosterShelfTest, AnExpiredRosterStillSaysWhoWasVetted) {
  EXPECT_TRUE(shelf_.add(first_).ok());
  EXPECT_FALSE(verify_alone(first_, fixture_.root.public_key(), start_of(Day{30000})).ok());
  EXPECT_EQ(shelf_.label(fixture_.analysts.front().member()), "analyst 0");
}

}  // namespace
}  // namespace resguardo::analyst
