// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/media/sweep.h"

#include <gmock/gmock.h>

namespace resguardo::media {
namespace {

using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SweepTest, TakesWhatWasThereLongEnoughAndNobodyWants) {
  TimePoint now{};
  Sweep sweep(minutes(10));
  EXPECT_THAT(sweep.look({"a", "b", "c"}, {"b"}, now), IsEmpty());
  now += minutes(9);
  EXPECT_THAT(sweep.look({"a", "b", "c", "d"}, {"b"}, now), IsEmpty());
  now += minutes(1);
  EXPECT_THAT(sweep.look({"a", "b", "d"}, {"b"}, now), ElementsAre("a"));
  now += minutes(9);
  EXPECT_THAT(sweep.look({"b", "c", "d"}, {}, now), ElementsAre("d"));  // c came anew, b is young
}

TEST(SweepTest, WhatSomebodyWantedBecomesYoungAgain) {
  TimePoint now{};
  Sweep sweep(minutes(10));
  EXPECT_THAT(sweep.look({"a"}, {}, now), IsEmpty());
  now += minutes(5);
  EXPECT_THAT(sweep.look({"a"}, {"a"}, now), IsEmpty());
  now += minutes(6);
  EXPECT_THAT(sweep.look({"a"}, {}, now), IsEmpty());
}

TEST(SweepTest, ForgetsAges) {
  Sweep sweep(minutes(10));
  EXPECT_THAT(sweep.look({"a"}, {}, TimePoint()), IsEmpty());
  sweep.forget();
  EXPECT_THAT(sweep.look({"a"}, {}, TimePoint() + minutes(60)), IsEmpty());
}

}  // namespace
}  // namespace resguardo::media
