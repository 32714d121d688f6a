// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/news.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace resguardo::commands {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> lines(const Told& told) {
  std::vector<std::string> lines;
  for (const notices::Notice& one : told) lines.push_back(one.line());
  return lines;
}

class NewsTest : public ::testing::Test {
 protected:
  std::vector<std::string> look() { return lines(news_.of(health_)); }
  RosterHealth health_;

 private:
  News news_;
};

TEST_F(NewsTest, NothingIsWrongAndNothingIsTold) {
  EXPECT_THAT(look(), IsEmpty());
  EXPECT_THAT(look(), IsEmpty());
}

TEST_F(NewsTest, EachIsToldWhenItBeginsAndAgainWhenItComesBack) {
  const std::vector<std::pair<std::function<void(bool)>, std::string>> cases = {
      {[&](bool wrong) { health_.stuck = wrong; }, "reports do not reach the analysts"},
      {[&](bool wrong) { health_.journal_stays = wrong; }, "the journal of an earlier day"},
      {[&](bool wrong) {
         health_.store.damaged =
             wrong ? std::optional(StaticText("a page of the store is damaged")) : std::nullopt;
       },
       "a page of the store is damaged"},
      {[&](bool wrong) { health_.memory.unlocked = wrong ? 1 : 0; }, "may be swapped to a disk"}};
  for (const auto& [set, text] : cases) {
    SCOPED_TRACE(text);
    for (int time = 0; time < 2; ++time) {
      set(true);
      EXPECT_THAT(look(), ElementsAre(HasSubstr(text)));
      EXPECT_THAT(look(), IsEmpty());
      set(false);
      EXPECT_THAT(look(), IsEmpty());
    }
  }
}

TEST_F(NewsTest, WhyNoReportBeginsIsToldWithEachReasonAndThatTheyDoAgain) {
  health_.refuses = StaticText("the roster has expired");
  EXPECT_THAT(look(), ElementsAre(AllOf(HasSubstr("no new report is taken"),
                                        HasSubstr("the roster has expired"))));
  EXPECT_THAT(look(), IsEmpty());
  health_.refuses = StaticText("the clock is wrong");
  EXPECT_THAT(look(), ElementsAre(HasSubstr("the clock is wrong")));
  health_.refuses.reset();
  EXPECT_THAT(look(), ElementsAre(HasSubstr("new reports are taken again")));
  EXPECT_THAT(look(), IsEmpty());
}

TEST_F(NewsTest, WhatBeginsTogetherIsToldTogether) {
  health_.stuck = health_.journal_stays = true;
  health_.refuses = StaticText("the clock is wrong");
  EXPECT_EQ(look().size(), 3U);
}

}  // namespace
}  // namespace resguardo::commands
