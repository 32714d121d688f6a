// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/html/rows.h"

#include <gmock/gmock.h>

#include <map>

#include "tests/analyst/html/sample_contents.h"

namespace resguardo::analyst {
namespace {

using testing_support::page_codes;
using testing_support::sample_contents;

PageRow row(const std::string& nationality, const std::string& month = "2025-05") {
  return {.name = "x-1",
          .when = month + "-03",
          .from = month,
          .until = month,
          .country = "MX",
          .area = "MX-TAM",
          .place = "mx-reynosa",
          .categories = {"kidnapping"},
          .actors = {"US-USBP"},
          .nationalities = {nationality},
          .victims = "1",
          .level = "received"};
}

TEST(ProtectedRowsTest, FiveAlikeStayAsTheyAreAndFourDoNot) {
  std::vector<PageRow> rows(5, row("HN"));
  PageRows shown = protected_rows(rows, page_codes());
  ASSERT_EQ(shown.rows.size(), 5U);
  EXPECT_EQ(shown.rows.front().coarseness, 0);
  EXPECT_EQ(shown.rows.front().nationalities, std::vector<std::string>{"HN"});
  rows.pop_back();
  shown = protected_rows(rows, page_codes());
  EXPECT_TRUE(shown.rows.empty());
  EXPECT_EQ(shown.too_few, 4U);
}

TEST(ProtectedRowsTest, WhatOnlyNationalityTellsApartLosesNationality) {
  std::vector<PageRow> rows(3, row("HN"));
  rows.insert(rows.end(), 2, row("HT"));
  const PageRows shown = protected_rows(rows, page_codes());
  ASSERT_EQ(shown.rows.size(), 5U);
  EXPECT_EQ(shown.rows.front().coarseness, 1);
  EXPECT_TRUE(shown.rows.front().nationalities.empty());
}

TEST(ProtectedRowsTest, MonthsBecomeQuarters) {
  std::vector<PageRow> rows(3, row("HN", "2025-04"));
  rows.insert(rows.end(), 3, row("HN", "2025-06"));
  const PageRows shown = protected_rows(rows, page_codes());
  ASSERT_EQ(shown.rows.size(), 6U);
  EXPECT_EQ(shown.rows.front().when, "2025-Q2");
  EXPECT_EQ(shown.rows.front().from, "2025-04");
  EXPECT_EQ(shown.rows.front().until, "2025-06");
  EXPECT_EQ(shown.rows.front().place, "MX");
}

TEST(ProtectedRowsTest, NothingThatNamesOrPlacesSomebodyIsLeft) {
  for (const PageRow& one : protected_rows(std::vector<PageRow>(9, row("HN")), page_codes()).rows) {
    EXPECT_EQ(one.name, "");
    EXPECT_EQ(one.victims, "");
    EXPECT_EQ(one.when, "2025-05");
    EXPECT_EQ(one.place, "MX-TAM");
    EXPECT_EQ(one.actors, std::vector<std::string>{"US-GOV"});
  }
}

TEST(ProtectedRowsTest, SexualViolenceIsNeverARow) {
  std::vector<PageRow> rows(20, row("HN"));
  for (PageRow& one : rows) one.sexual_violence = true;
  const PageRows shown = protected_rows(rows, page_codes());
  EXPECT_TRUE(shown.rows.empty());
  EXPECT_EQ(shown.sexual_violence, 20U);
}

TEST(ProtectedRowsTest, OfManyAtLeastFiveAreAlikeAndNoneIsLost) {
  const auto rows = sample_contents(3000, true).rows;
  const PageRows shown = protected_rows(rows, page_codes());
  std::map<std::string, int> alike;
  for (const PageRow& one : shown.rows) {
    std::string all = std::to_string(one.coarseness) + one.when + "|" + one.place + "|" +
                      one.us_link + "|" + one.level;
    for (const auto* list : {&one.categories, &one.actors, &one.nationalities})
      for (const std::string& code : *list) all += "|" + code;
    ++alike[all];
  }
  EXPECT_GT(alike.size(), 20U);
  for (const auto& [all, count] : alike) EXPECT_GE(count, 5) << all;
  EXPECT_EQ(shown.rows.size() + shown.too_few + shown.sexual_violence, rows.size());
}

}  // namespace
}  // namespace resguardo::analyst
