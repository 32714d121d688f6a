// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/duplicates/blocking.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace resguardo::analyst {
namespace {

using PairSet = std::set<std::pair<std::size_t, std::size_t>>;

IncidentTraits incident(std::uint8_t report, int day, const std::string& place = "mx-reynosa",
                        const std::string& category = "kidnapping") {
  IncidentTraits made;
  made.key.report.bytes.fill(report);
  made.categories = {category};
  made.days = DaySpan{Day{day}, Day{day}};
  made.to_the_day = true;
  made.place = made.border_pair = place;
  return made;
}
PairSet pairs(const std::vector<IncidentTraits>& all, std::size_t most = 1000) {
  PairSet found;
  candidate_pairs(all, most, [&](std::size_t a, std::size_t b) {
    EXPECT_LT(a, b);
    EXPECT_TRUE(found.emplace(a, b).second) << "twice";
  });
  return found;
}
bool meet(const IncidentTraits& a, const IncidentTraits& b) {
  return !pairs({a, b}).empty();
}

TEST(BlockingTest, SevenDaysMeetAndEightDoNot) {
  EXPECT_TRUE(meet(incident(1, 100), incident(2, 107)));
  EXPECT_FALSE(meet(incident(1, 100), incident(2, 108)));
  EXPECT_TRUE(meet(incident(1, 107), incident(2, 100)));
}

TEST(BlockingTest, AMonthMeetsWithinFortyFiveDays) {
  IncidentTraits month = incident(1, 100);
  month.days = DaySpan{Day{100}, Day{130}};
  month.to_the_day = false;
  EXPECT_TRUE(meet(month, incident(2, 175)));
  EXPECT_FALSE(meet(month, incident(2, 176)));
  EXPECT_TRUE(meet(month, incident(2, 55)));
  EXPECT_FALSE(meet(month, incident(2, 54)));
}

TEST(BlockingTest, OnePlaceOrItsMirrorAndACategoryInCommon) {
  IncidentTraits across = incident(2, 100);
  across.place = "us-hidalgo";
  EXPECT_TRUE(meet(incident(1, 100), across));
  EXPECT_FALSE(meet(incident(1, 100), incident(2, 100, "mx-tijuana")));
  EXPECT_FALSE(meet(incident(1, 100), incident(2, 100, "mx-reynosa", "murder")));
  IncidentTraits both = incident(2, 100, "mx-reynosa", "murder");
  both.categories.insert("kidnapping");
  EXPECT_TRUE(meet(incident(1, 100), both));
}

TEST(BlockingTest, IncidentsOfOneReportAreNeverPaired) {
  IncidentTraits second = incident(1, 100);
  second.key.number = 2;
  EXPECT_FALSE(meet(incident(1, 100), second));
}

TEST(BlockingTest, BandsThatExcludeEachOtherDoNotMeet) {
  EXPECT_TRUE(victims_fit("", "over_100"));
  EXPECT_TRUE(victims_fit("2_5", "2_5"));
  EXPECT_TRUE(victims_fit("1", "2_5"));
  EXPECT_TRUE(victims_fit("21_100", "over_100"));
  EXPECT_FALSE(victims_fit("1", "6_20"));
  EXPECT_FALSE(victims_fit("over_100", "2_5"));
  EXPECT_TRUE(victims_fit("nonsense", "1"));
  IncidentTraits one = incident(1, 100), many = incident(2, 100);
  one.victim_band = "1";
  many.victim_band = "over_100";
  EXPECT_FALSE(meet(one, many));
}

TEST(BlockingTest, WithoutPlaceOrDayOnlyFilesAndWordsMeet) {
  IncidentTraits a = incident(1, 100, ""), b = incident(2, 100, "");
  EXPECT_FALSE(meet(a, b));
  a.files = b.files = {Digest{{7}}};
  EXPECT_TRUE(meet(a, b));
  b.files = {Digest{{8}}};
  EXPECT_FALSE(meet(a, b));
  a.story = {1, 5, 9};
  b.story = {5, 6, 7};
  EXPECT_TRUE(meet(a, b));
  b.story = {2, 6, 7};
  EXPECT_FALSE(meet(a, b));
}

TEST(BlockingTest, WhatHundredsHaveInCommonIsNoReason) {
  std::vector<IncidentTraits> all;
  for (std::size_t n = 0; n < kTooCommon; ++n) {
    all.push_back(incident(static_cast<std::uint8_t>(n), 100, ""));
    all.back().files = {Digest{{7}}};
  }
  EXPECT_EQ(pairs(all, 100'000).size(), kTooCommon * (kTooCommon - 1) / 2);
  all.push_back(all.back());
  all.back().key.report.bytes[0] = 0xFF;
  EXPECT_TRUE(pairs(all, 100'000).empty());
}

TEST(BlockingTest, MoreThanWasAskedForIsSaid) {
  std::vector<IncidentTraits> all;
  for (std::uint8_t n = 1; n <= 10; ++n) all.push_back(incident(n, 100));
  std::size_t seen = 0;
  const auto count = [&](std::size_t, std::size_t) { ++seen; };
  EXPECT_TRUE(candidate_pairs(all, 45, count));
  EXPECT_EQ(seen, 45U);
  seen = 0;
  EXPECT_FALSE(candidate_pairs(all, 44, count));
  EXPECT_EQ(seen, 44U);
}

// Against the rule itself, over all pairs.
TEST(BlockingTest, RandomSetsGiveExactlyThePairsOfTheRule) {
  std::mt19937 random(11);
  const std::vector<std::string> places{"mx-reynosa", "mx-tijuana", ""};
  const std::vector<std::string> bands{"", "1", "2_5", "6_20", "over_100"};
  for (int round = 0; round < 200; ++round) {
    std::vector<IncidentTraits> all;
    for (int n = 0; n < 30; ++n) {
      auto made =
          incident(static_cast<std::uint8_t>(random() % 20), static_cast<int>(random() % 120),
                   places[random() % 3], random() % 2 == 0 ? "kidnapping" : "murder");
      made.key.number = static_cast<std::uint32_t>(n);
      made.to_the_day = random() % 3 != 0;
      if (!made.to_the_day) made.days->last = Day{made.days->first.number + 30};
      if (random() % 5 == 0) made.days.reset();
      made.victim_band = bands[random() % bands.size()];
      all.push_back(made);
    }
    PairSet wanted;
    for (std::size_t i = 0; i < all.size(); ++i)
      for (std::size_t j = i + 1; j < all.size(); ++j) {
        const auto &a = all[i], &b = all[j];
        if (a.key.report == b.key.report || !a.days || !b.days || a.border_pair.empty()) continue;
        if (a.border_pair != b.border_pair || a.categories != b.categories) continue;
        const int apart = a.to_the_day && b.to_the_day ? 7 : 45;
        const int gap = std::max(a.days->first.number, b.days->first.number) -
                        std::min(a.days->last.number, b.days->last.number);
        if (gap <= apart && victims_fit(a.victim_band, b.victim_band)) wanted.emplace(i, j);
      }
    EXPECT_EQ(pairs(all), wanted) << round;
  }
}

}  // namespace
}  // namespace resguardo::analyst
