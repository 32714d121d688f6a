// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/report_sealer.h"

#include <gtest/gtest.h>

#include "crypto/base/hash.h"
#include "tests/support/roster_fixture.h"
#include "tests/support/seeded_random.h"

namespace resguardo::intake {
namespace {

using testing_support::make_roster;
using testing_support::RosterFixture;

RosterFixture make_one(TimePoint now) {
  testing_support::RosterFixtureOptions options;
  options.analysts = 1;
  options.first_week = week_of(now);
  return make_roster(options);
}

class ReportSealerTest : public ::testing::Test {
 protected:
  Result<storage::ReportWrite> turn(const VerifiedRoster& roster, bool close = false) {
    given_.clear();
    dialogue::Given one;
    one.node = "story";
    one.text = SecretText("dicho");
    given_.push_back(std::move(one));
    SealTurn seal;
    seal.given = &given_;
    seal.stamp.time = now_;
    seal.close = close;
    RESGUARDO_TRY(const auto recipients, roster.recipients(week_of(now_)));
    return sealer_.seal(frame_, recipients, seal, progress_);
  }

  TimePoint now_{std::chrono::milliseconds(1'795'255'200'000)};
  RosterFixture fixture_ = make_one(now_);
  testing_support::SeededRandom ids_{3};
  std::unique_ptr<LockedSlab> slab_ = LockedSlab::create(SegmentWriter::cell_size(), 4).value();
  ReportSealer sealer_{*slab_, ids_};
  pb::ReportProgress progress_;
  ReportFrame frame_;
  std::vector<dialogue::Given> given_;
};

TEST_F(ReportSealerTest, BeginsOneSegmentAndAppendsToIt) {
  EXPECT_EQ(turn(fixture_.roster)->segments.size(), 1U);
  now_ += std::chrono::minutes(29);
  const auto second = turn(fixture_.roster);
  EXPECT_TRUE(second->segments.empty());
  EXPECT_EQ(second->rows.at(0).sequence, 1U);
}

TEST_F(ReportSealerTest, AnotherReportNeverGoesOnWithTheStreamOfTheOneBefore) {
  const auto first = turn(fixture_.roster);
  ASSERT_TRUE(first.ok());
  progress_.Clear();  // the person left, and began anew
  const auto next = turn(fixture_.roster);
  ASSERT_TRUE(next.ok());
  EXPECT_NE(next->report, first->report);
  ASSERT_EQ(next->segments.size(), 1U);
  ASSERT_EQ(next->rows.size(), 1U);
  EXPECT_EQ(next->rows[0].segment, next->segments[0].segment);
}

TEST_F(ReportSealerTest, ASilenceOfHalfAnHourAndAMinuteEndsTheSegmentWithAPause) {
  ASSERT_TRUE(turn(fixture_.roster).ok());
  now_ += kLongestSilence;
  const auto next = turn(fixture_.roster);
  ASSERT_EQ(next->segments.size(), 1U);
  ASSERT_EQ(next->rows.size(), 2U);
  EXPECT_EQ(next->rows[0].sequence, 1U);  // the pause, in the old one
  EXPECT_NE(next->rows[0].segment, next->rows[1].segment);
}

TEST_F(ReportSealerTest, ASegmentEndsAfterADayHoweverBusyItIs) {
  ASSERT_TRUE(turn(fixture_.roster).ok());
  for (int i = 0; i < 23 * 60 + 59; i += 20) {
    now_ += std::chrono::minutes(20);
    if (now_ < TimePoint{std::chrono::milliseconds(1'795'255'200'000)} + kLongestSegment &&
        week_of(now_) == week_of(TimePoint{std::chrono::milliseconds(1'795'255'200'000)})) {
      EXPECT_TRUE(turn(fixture_.roster)->segments.empty()) << i;
    }
  }
  now_ += std::chrono::minutes(20);
  EXPECT_EQ(turn(fixture_.roster)->segments.size(), 1U);
}

TEST_F(ReportSealerTest, AnotherWeekAndAnotherRosterBeginAnotherSegment) {
  ASSERT_TRUE(turn(fixture_.roster).ok());
  const RosterFixture other = make_one(now_);
  EXPECT_EQ(turn(other.roster)->segments.size(), 1U);
  now_ = start_of(Day{monday_of(week_of(now_)).number + 7});
  EXPECT_EQ(turn(other.roster)->segments.size(), 1U);
}

TEST_F(ReportSealerTest, AfterADropTheNextTurnIsASegmentOfItsOwn) {
  const auto first = turn(fixture_.roster);
  sealer_.drop();
  EXPECT_EQ(slab_->in_use(), 0U);
  const auto next = turn(fixture_.roster);
  ASSERT_EQ(next->segments.size(), 1U);
  EXPECT_EQ(next->segments[0].index, 1U);
  EXPECT_NE(next->segments[0].segment, first->segments[0].segment);
}

TEST_F(ReportSealerTest, AnotherReportNeverPushesFromTheStreamOfTheOneBefore) {
  const auto first = turn(fixture_.roster);
  progress_.Clear();
  const auto next = turn(fixture_.roster);
  ASSERT_TRUE(next.ok());
  ASSERT_EQ(next->segments.size(), 1U);
  ASSERT_EQ(next->rows.size(), 1U);
  EXPECT_EQ(next->rows[0].segment, next->segments[0].segment);
  EXPECT_NE(next->report, first->report);
  EXPECT_EQ(slab_->in_use(), 1U);
}

TEST_F(ReportSealerTest, ClosingPadsTheRowsAndGivesTheStatesBack) {
  ASSERT_TRUE(turn(fixture_.roster).ok());
  const auto last = turn(fixture_.roster, true);
  EXPECT_EQ(progress_.rows(), 16U);
  EXPECT_EQ(last->change, storage::ReportChange::kClose);
  EXPECT_EQ(last->log_entries.size(), 1U);
  EXPECT_EQ(slab_->in_use(), 0U);
}

TEST_F(ReportSealerTest, AParkedStreamGoesOnAndOneOfAnotherReportIsWiped) {
  ASSERT_TRUE(turn(fixture_.roster).ok());
  auto parked = sealer_.park(progress_);
  ASSERT_TRUE(parked);
  EXPECT_FALSE(sealer_.awake());
  sealer_.resume(std::move(*parked), progress_);
  const auto next = turn(fixture_.roster);
  EXPECT_TRUE(next->segments.empty());
  EXPECT_EQ(next->rows.at(0).sequence, 1U);
  EXPECT_EQ(slab_->in_use(), 1U);
  progress_.Clear();
  EXPECT_FALSE(sealer_.park(progress_));
  EXPECT_EQ(slab_->in_use(), 0U);
}

TEST_F(ReportSealerTest, AFullSlabIsAnErrorAndLeavesNothingBehind) {
  std::vector<LockedSlab::Cell> taken;
  while (slab_->in_use() < slab_->capacity()) taken.push_back(slab_->acquire().value());
  const auto result = turn(fixture_.roster);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().fault, Fault::kUnavailable);
  EXPECT_FALSE(sealer_.awake());
}

TEST(PaddedRowCountTest, IsOneOfAFewValues) {
  const struct {
    std::uint64_t rows, padded;
  } cases[] = {{1, 16}, {16, 16}, {17, 32}, {32, 32}, {33, 64}, {64, 64}, {65, 96}, {97, 128}};
  for (const auto& c : cases) EXPECT_EQ(padded_row_count(c.rows), c.padded) << c.rows;
}

}  // namespace
}  // namespace resguardo::intake
