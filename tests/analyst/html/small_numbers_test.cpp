// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/stats/small_numbers.h"

#include <gmock/gmock.h>

#include <random>

namespace resguardo::analyst {
namespace {

using Kind = ShownCount::Kind;

StatTable plain(const std::vector<std::uint64_t>& counts) {
  StatTable table{"t", "T", {"incidents"}, {}, 0};
  for (const std::uint64_t count : counts) {
    table.rows.push_back(
        {std::string(1, static_cast<char>('a' + table.rows.size())), {count}, count});
    table.of += count;
  }
  return table;
}

std::vector<std::string> texts(const ShownTable& table) {
  std::vector<std::string> all;
  for (const auto& row : table.rows) all.push_back(row.incidents.text());
  return all;
}

TEST(SmallNumbersTest, FourIsSmallFiveAndNothingAreNot) {
  EXPECT_THAT(texts(shown_table(plain({100, 50, 5, 4, 2, 1, 0}), {})),
              ::testing::ElementsAre("100", "50", "5", "0", "<5", "<5", "<5"));
}

TEST(SmallNumbersTest, OneSmallNumberAloneTakesAnotherWithIt) {
  EXPECT_THAT(texts(shown_table(plain({100, 50, 3}), {})),
              ::testing::ElementsAre("100", "\u2013", "<5"));
}

TEST(SmallNumbersTest, WhereAHiddenRowStandsSaysNothing) {
  StatTable table = plain({100, 50, 4, 2, 7});
  table.rows[2].code = "z";
  table.rows[4].code = "unknown";
  std::string order;
  for (const auto& row : shown_table(table, {}).rows) order += row.code + " ";
  EXPECT_EQ(order, "a b d z unknown ");
}

TEST(SmallNumbersTest, ExactIsExact) {
  EXPECT_THAT(texts(shown_table(plain({100, 50, 3}), {.exact = true})),
              ::testing::ElementsAre("100", "50", "3"));
}

TEST(SmallNumbersTest, ATableOfSmallNumbersAloneIsNotShown) {
  EXPECT_TRUE(shown_table(plain({3, 4}), {}).too_small);
  EXPECT_FALSE(shown_table(plain({3, 40}), {}).too_small);
}

TEST(SmallNumbersTest, WhatIsSensitiveIsSmallUpToNine) {
  StatTable table = plain({100, 60, 9});
  table.rows[2].code = "rape";
  EXPECT_EQ(shown_table(table, {}).rows[2].incidents.text(), "<10");
}

// All ways to fill what is hidden of a line, knowing its sum: each small one must be able to be
// anything below its limit.
void expect_safe(const std::vector<ShownCount>& line, std::uint64_t sum) {
  std::uint64_t known = 0, least = 0;
  bool withheld = false;
  for (const ShownCount& one : line) {
    if (one.kind == Kind::kExact) known += one.value;
    least += one.kind == Kind::kSmall ? 1 : one.kind == Kind::kWithheld ? 5 : 0;
    withheld = withheld || one.kind == Kind::kWithheld;
  }
  const std::uint64_t hidden = sum - known;
  for (const ShownCount& one : line) {
    if (one.kind != Kind::kSmall) continue;
    EXPECT_GE(hidden, least - 1 + one.value - 1) << "it cannot be as many as " << one.value - 1;
    if (withheld) continue;
    std::uint64_t most = 0;
    for (const ShownCount& other : line)
      if (&other != &one && other.kind == Kind::kSmall) most += other.value - 1;
    EXPECT_GE(most + 1, hidden) << "it cannot be one";
  }
}

TEST(SmallNumbersTest, NoRowGivesASmallNumberAway) {
  std::mt19937 random(8);
  int hidden = 0;
  for (int round = 0; round < 3000; ++round) {
    StatTable table{"t", "T", {"x", "y", "z"}, {}, 0};
    for (int i = 0; i < 4; ++i) {
      StatTable::Row row{std::string(1, static_cast<char>('a' + i)), {}, 0};
      for (int j = 0; j < 3; ++j) row.counts.push_back(random() % (round % 2 == 0 ? 9 : 40));
      for (const std::uint64_t count : row.counts) row.incidents += count;
      table.of += row.incidents;
      table.rows.push_back(row);
    }
    const ShownTable shown = shown_table(table, {});
    if (shown.too_small) continue;
    std::vector<ShownCount> totals;
    for (std::size_t i = 0; i < shown.rows.size(); ++i) {
      hidden += shown.hidden ? 1 : 0;
      const auto& told = *std::find_if(table.rows.begin(), table.rows.end(), [&](const auto& row) {
        return row.code == shown.rows[i].code;
      });
      totals.push_back(shown.rows[i].incidents);
      const bool whole = shown.rows[i].incidents.kind == Kind::kExact;
      if (whole) expect_safe(shown.rows[i].counts, told.incidents);
      // What is not shown is not the sum of what is.
      if (!whole) {
        EXPECT_TRUE(std::any_of(shown.rows[i].counts.begin(), shown.rows[i].counts.end(),
                                [](const auto& one) { return one.kind != Kind::kExact; }));
      }
    }
    expect_safe(totals, table.of);
    if (HasFailure()) break;
  }
  EXPECT_GT(hidden, 1000);
}

}  // namespace
}  // namespace resguardo::analyst
