// SPDX-License-Identifier: AGPL-3.0-or-later
// The parts of reading that tables of phrasings do not reach.
#include <gtest/gtest.h>

#include "bot/dialogue/fold.h"
#include "bot/dialogue/reading/calendar.h"
#include "bot/dialogue/reading/phrases.h"

namespace resguardo::dialogue {
namespace {

std::string text_of(Day day) {
  return to_string(day);
}

// Easter Sundays as the Gregorian tables have them, the earliest and the latest among them.
TEST(ReadingTest, EasterIsWhereTheTablesHaveIt) {
  for (const char* day : {"1818-03-22", "1943-04-25", "2000-04-23", "2016-03-27", "2022-04-17",
                          "2024-03-31", "2025-04-20", "2038-04-25"}) {
    EXPECT_EQ(text_of(easter_of(std::stoi(std::string(day, 4)))), day);
  }
}

TEST(ReadingTest, DaysAndWeekdays) {
  EXPECT_EQ(weekday_of(*parse_day("1970-01-01")), 4);
  EXPECT_EQ(weekday_of(*parse_day("1969-12-28")), 7);
  EXPECT_EQ(weekday_of(*parse_day("2025-03-20")), 4);
  EXPECT_FALSE(day_of_date({2025, 2, 29}));
  EXPECT_TRUE(day_of_date({2024, 2, 29}));
  EXPECT_FALSE(day_of_date({2025, 13, 1}));
  const Date before = months_before({2025, 1, 31}, 2);
  EXPECT_EQ(before.year, 2024);
  EXPECT_EQ(before.month, 11);
}

TEST(ReadingTest, StretchesSayHowExactTheyAre) {
  EXPECT_EQ(one_month(2025, 2).edtf, "2025-02");
  EXPECT_EQ(text_of(one_month(2025, 12).last), "2025-12-31");
  EXPECT_EQ(one_season(2024, 24).edtf, "2024-24");
  EXPECT_EQ(text_of(one_season(2024, 24).last), "2025-02-28");
  EXPECT_EQ(about(one_month(2025, 3)).edtf, "2025-03~");
  EXPECT_EQ(about(several_years(2021, 2022)).edtf, "2021~/2022~");
  EXPECT_EQ(about(one_day(Day{0})).precision, "approx");
}

TEST(ReadingTest, SlipsOfThePenAreCounted) {
  EXPECT_EQ(edit_distance("reynosa", "reynosa", 2), 0U);
  EXPECT_EQ(edit_distance("reynosa", "reinosa", 2), 1U);
  EXPECT_EQ(edit_distance("reynosa", "reyonsa", 2), 1U);  // neighbours exchanged
  EXPECT_EQ(edit_distance("reynosa", "reynsa", 2), 1U);
  EXPECT_EQ(edit_distance("reynosa", "tijuana", 2), 3U);  // more than asked for
  EXPECT_EQ(edit_distance("", "abc", 2), 3U);
  EXPECT_EQ(edit_distance(std::string(200, 'x'), std::string(200, 'x'), 2), 3U);  // never compared
}

TEST(ReadingTest, FiguresKeepTheSignsBetweenThem) {
  const auto folded = [](std::string_view text) {
    return std::string(fold_figures(text).reveal());
  };
  EXPECT_EQ(folded("15/3/2025"), "15 / 3 / 2025");
  EXPECT_EQ(folded("$1.500,50"), "$ 1 . 500 , 50");
  EXPECT_EQ(folded("2k, 3rd"), "2 k 3 rd");
  EXPECT_EQ(folded("l'été d'avril"), "l ete d avril");
  EXPECT_EQ(folded("aujourd’hui"), "aujourdhui");
  EXPECT_EQ(folded("a/b - c"), "a b c");
  EXPECT_EQ(folded("10:30pm"), "10 : 30 pm");
}

}  // namespace
}  // namespace resguardo::dialogue
