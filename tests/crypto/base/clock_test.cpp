// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/base/clock.h"

#include <gtest/gtest.h>

namespace resguardo {
namespace {

TimePoint at(const char* day) {
  return start_of(parse_day(day).value());
}

TEST(DayTest, RefusesWhatIsNoDate) {
  for (const char* text : {"2026-02-29", "2026-2-03", "2026-13-01", "20260101", "-026-01-01", ""})
    EXPECT_FALSE(parse_day(text)) << text;
  EXPECT_EQ(to_string(parse_day("2024-02-29").value()), "2024-02-29");
}

// Dates from the ISO 8601 week calendar, checked against Python's date.isocalendar().
TEST(WeekTest, FollowsIso8601AtTheTurnOfTheYear) {
  const struct {
    const char* day;
    const char* week;
  } cases[] = {{"2026-11-21", "2026-W47"}, {"2027-01-01", "2026-W53"}, {"2027-01-04", "2027-W01"},
               {"2024-12-30", "2025-W01"}, {"2021-01-03", "2020-W53"}, {"1970-01-05", "1970-W02"}};
  for (const auto& c : cases) {
    EXPECT_EQ(to_string(week_of(at(c.day))), c.week) << c.day;
    EXPECT_EQ(parse_week(c.week).value(), week_of(at(c.day))) << c.week;
  }
}

TEST(WeekTest, RefusesWeeksThatDoNotExist) {
  for (const char* text : {"2025-W53", "2026-W00", "2026-W54", "2026W47", "2026-47"})
    EXPECT_FALSE(parse_week(text)) << text;
}

}  // namespace
}  // namespace resguardo
