// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/media/schedule.h"

#include <gtest/gtest.h>

#include "tests/support/seeded_random.h"

namespace resguardo::media {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

MediaId file(std::uint8_t number) {
  MediaId id;
  id.bytes[0] = number;
  return id;
}

class ScheduleTest : public ::testing::Test {
 protected:
  TimePoint now_{std::chrono::milliseconds(1'795'255'200'000)};
  testing_support::SeededRandom random_{1};
  Schedule schedule_{{}, {true, false}, random_};
};

TEST_F(ScheduleTest, GivesEachOnceUntilItIsPutBack) {
  EXPECT_TRUE(schedule_.add(file(1), 0, now_));
  EXPECT_FALSE(schedule_.add(file(1), 0, now_));
  EXPECT_FALSE(schedule_.take(1, now_).has_value());
  EXPECT_EQ(schedule_.take(0, now_), file(1));
  EXPECT_FALSE(schedule_.take(0, now_).has_value());
  schedule_.again(file(1), false, now_);
  EXPECT_FALSE(schedule_.take(0, now_ + milliseconds(999)).has_value());
  EXPECT_EQ(schedule_.take(0, now_ + seconds(2)), file(1));
  schedule_.remove(file(1));
  schedule_.remove(file(1));
  EXPECT_EQ(schedule_.size(), 0U);
  EXPECT_FALSE(schedule_.next_due(0).has_value());
}

TEST_F(ScheduleTest, WaitsGrowToTenMinutesAndNoFurther) {
  schedule_.add(file(1), 1, now_);
  milliseconds longest{0};
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(schedule_.take(1, now_).has_value());
    schedule_.again(file(1), true, now_);
    const auto due = schedule_.next_due(1).value();
    const auto least =
        std::min<milliseconds>(milliseconds(1000) * (1 << std::min(i, 20)), minutes(5));
    EXPECT_GE(due - now_, least) << i;
    EXPECT_LE(due - now_, 2 * least) << i;
    longest = std::max<milliseconds>(longest, due - now_);
    now_ = due;
  }
  EXPECT_LE(longest, minutes(10));
  EXPECT_GT(longest, minutes(5));
}

TEST_F(ScheduleTest, PausesBeforeAMessengerThrottlesWhoFails) {
  for (std::uint8_t i = 0; i < 20; ++i) schedule_.add(file(i), 0, now_);
  int tries = 0;
  while (auto id = schedule_.take(0, now_)) {
    schedule_.again(*id, true, now_);
    ++tries;
  }
  EXPECT_EQ(tries, 15);
  EXPECT_FALSE(schedule_.take(0, now_ + minutes(29)).has_value());
  EXPECT_TRUE(schedule_.take(0, now_ + minutes(30)).has_value());
  EXPECT_GE(schedule_.next_due(0).value(), now_ + minutes(30));
}

TEST_F(ScheduleTest, DoesNotCountWhatNobodyAnsweredNorElsewhere) {
  for (std::uint8_t i = 0; i < 100; ++i) schedule_.add(file(i), i % 2, now_);
  int tries = 0;
  while (auto id = schedule_.take(0, now_)) {
    schedule_.again(*id, false, now_);
    ++tries;
  }
  while (auto id = schedule_.take(1, now_)) {
    schedule_.again(*id, true, now_);
    ++tries;
  }
  EXPECT_EQ(tries, 100);
}

TEST_F(ScheduleTest, FailuresOfAnHourAgoCountNoMore) {
  schedule_.add(file(1), 0, now_);
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(schedule_.take(0, now_).has_value()) << i;
    schedule_.again(file(1), true, now_);
    now_ += minutes(10);
  }
}

}  // namespace
}  // namespace resguardo::media
