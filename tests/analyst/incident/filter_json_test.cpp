// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/incident/filter_json.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <random>

#include "tests/support/must.h"

namespace resguardo::analyst {
namespace {

using testing_support::must;

TEST(FilterJsonTest, OnlyWhatIsAskedForIsThereAndInOneOrder) {
  EXPECT_EQ(filter_text({}), "{}");
  EXPECT_FALSE(IncidentFilter{}.asks());
  const IncidentFilter filter{
      .since = parse_day("2021-05-01"), .place = "MX-TAM", .actor = "OC", .us_link = "returned"};
  EXPECT_TRUE(filter.asks());
  EXPECT_EQ(filter_text(filter),
            R"({"since":"2021-05-01","place":"MX-TAM","actor":"OC","usLink":"returned"})");
}

TEST(FilterJsonTest, EveryFilterComesBackAsItWas) {
  std::mt19937 random(8);
  for (int round = 0; round < 500; ++round) {
    IncidentFilter filter;
    if (random() % 2 == 0) filter.since = Day{static_cast<std::int32_t>(random() % 30000)};
    if (random() % 2 == 0) filter.until = Day{static_cast<std::int32_t>(random() % 30000)};
    for (const FilterCode& code : filter_codes())
      if (random() % 2 == 0)
        filter.*(code.code) = "c" + std::to_string(random() % 9) + "\"\n\xC3\xA9";
    EXPECT_EQ(must(parse_filter(filter_text(filter))), filter);
  }
}

TEST(FilterJsonTest, EveryCodeOfAFilterHasAName) {
  IncidentFilter filter;
  for (const FilterCode& code : filter_codes()) filter.*(code.code) = "x";
  EXPECT_EQ(filter_json(filter).size(), filter_codes().size());
  // A code that is added to the filter and not to the list would make this differ in size.
  EXPECT_EQ(sizeof(IncidentFilter),
            2 * sizeof(std::optional<Day>) + filter_codes().size() * sizeof(std::string));
}

TEST(FilterJsonTest, WhatTheProgramDoesNotWriteIsRefused) {
  for (const char* text : {"", "[]", "{", "{}x", R"({"weather":"rain"})", R"({"place":""})",
                           R"({"place":["MX"]})", R"({"since":"May"})", R"({"since":"2021-02-30"})",
                           R"({"actor":"OC","place":"MX"})", R"({"place":"MX","place":"US"})",
                           R"({ "place":"MX"})", R"({"place":null})", "{\"place\":\"\xFF\"}"})
    EXPECT_FALSE(parse_filter(text).ok()) << text;
  const std::string longest(kMaxFilterText - 12, 'x');
  EXPECT_TRUE(parse_filter("{\"place\":\"" + longest + "\"}").ok());
  EXPECT_FALSE(parse_filter("{\"place\":\"" + longest + "x\"}").ok());
}

}  // namespace
}  // namespace resguardo::analyst
