// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/incident/dating.h"

#include <gtest/gtest.h>

#include "bot/dialogue/reading/calendar.h"

namespace resguardo::analyst {
namespace {

std::string span_text(const std::optional<DaySpan>& span) {
  return span ? to_string(span->first) + " " + to_string(span->last) : "none";
}

TEST(DatingTest, ReadsWhatTheQuestionnaireWrites) {
  const std::pair<const char*, const char*> cases[] = {
      {"2025-03-15", "2025-03-15 2025-03-15"},
      {"2025-03-15~", "2025-03-15 2025-03-15"},
      {"2024-02", "2024-02-01 2024-02-29"},
      {"2025", "2025-01-01 2025-12-31"},
      {"2022-22~", "2022-06-01 2022-08-31"},
      {"2022-24", "2022-12-01 2023-02-28"},
      {"2025-03-10/2025-03-16", "2025-03-10 2025-03-16"},
      {"2024-11~/2025-01~", "2024-11-01 2025-01-31"},
  };
  for (const auto& [edtf, days] : cases) EXPECT_EQ(span_text(days_of_edtf(edtf)), days) << edtf;
}

TEST(DatingTest, WhatIsNoDateHasNoDays) {
  for (const char* text :
       {"", "XXXX", "2025-13", "2025-00", "2025-25", "2025-02-30", "25-03-15", "2025/", "/2025",
        "2025-04/2025-03", "2025-3-1", "-025", "2025-03-15T", "20250315", "2025~~", "+025"})
    EXPECT_EQ(span_text(days_of_edtf(text)), "none") << text;
}

TEST(DatingTest, AgreesWithTheCalendarOfTheDialogue) {
  using namespace dialogue;
  for (int year = 2019; year <= 2026; ++year)
    for (int month = 1; month <= 12; ++month)
      for (const Stretch& made :
           {one_month(year, month), about(one_month(year, month)), one_year(year),
            one_season(year, 21 + month % 4), several_months(year, month, year + 1, month),
            about(several_years(year, year + 2)), one_day(Day{18000 + year * 31 + month}),
            about(several_days(Day{18000 + month}, Day{18007 + month}))}) {
        const auto read = days_of_edtf(made.edtf);
        ASSERT_TRUE(read.has_value()) << made.edtf;
        EXPECT_EQ(read->first, made.first) << made.edtf;
        EXPECT_EQ(read->last, made.last) << made.edtf;
      }
}

TEST(DatingTest, KnowsWhatLiesWithin) {
  const DaySpan span{Day{10}, Day{20}};
  EXPECT_TRUE(within(span, Day{10}, Day{20}));
  EXPECT_FALSE(within(span, Day{11}, std::nullopt));
  EXPECT_FALSE(within(span, std::nullopt, Day{19}));
  EXPECT_TRUE(touches(span, Day{20}, Day{90}));
  EXPECT_FALSE(touches(span, Day{21}, std::nullopt));
  EXPECT_FALSE(touches(span, std::nullopt, Day{9}));
}

}  // namespace
}  // namespace resguardo::analyst
