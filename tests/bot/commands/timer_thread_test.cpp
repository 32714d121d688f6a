// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/timer_thread.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <vector>

namespace resguardo::commands {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST(TimerThreadTest, RunsInTheOrderInWhichItIsDue) {
  std::vector<int> ran;
  std::promise<void> all;
  TimerThread timers;
  timers.after(milliseconds(40), [&] {
    ran.push_back(2);
    all.set_value();
  });
  timers.after(milliseconds(1), [&] { ran.push_back(1); });
  all.get_future().wait();
  EXPECT_THAT(ran, ::testing::ElementsAre(1, 2));
}

TEST(TimerThreadTest, WhatIsLeftRunsWhenItEnds) {
  int ran = 0;
  {
    TimerThread timers;
    for (int i = 0; i < 5; ++i) timers.after(hours(24), [&] { ++ran; });
  }
  EXPECT_EQ(ran, 5);
}

}  // namespace
}  // namespace resguardo::commands
