// SPDX-License-Identifier: AGPL-3.0-or-later
// What the program says of incidents, and what an export leaves out.
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "tests/analyst/cli_told.h"

namespace resguardo::testing_support {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class CliIncidentsTest : public CliToldTest {};

TEST_F(CliIncidentsTest, AnIncidentIsALineAndCanBeAskedFor) {
  BundleMaker bundle = whole_maker();
  bundle.add(kidnapping());
  ScriptReport other = small_report();
  bundle.add(other);
  ASSERT_EQ(import(put("b", bundle.bytes()), "ana", "v").code, 0);
  const auto all = of_vault({"incidents"});
  ASSERT_EQ(all.code, 0) << all.err;
  EXPECT_THAT(all.out, HasSubstr("2025-05-03  Reynosa  kidnapping  OC   returned"));
  EXPECT_THAT(of_vault({"incidents", "--actor", "OC", "--since", "2025-05-01"}).out,
              HasSubstr("Reynosa"));
  EXPECT_THAT(of_vault({"incidents", "--place", "MX-BCN"}).out, Not(HasSubstr("Reynosa")));
  const auto data = json::parse(of_vault({"incidents", "--category", "kidnapping", "--json"}).out);
  EXPECT_EQ(data.at("incidents").at(0).at("violations").at(0).at("because").at(0),
            "event_what=kidnapping");
}

TEST_F(CliIncidentsTest, AFilterThatMeansNothingIsRefused) {
  BundleMaker bundle = whole_maker();
  bundle.add(kidnapping());
  ASSERT_EQ(import(put("b", bundle.bytes()), "ana", "v").code, 0);
  const auto code = of_vault({"stats", "--actor", "cartel"});
  EXPECT_EQ(code.code, 2);
  EXPECT_THAT(code.err, HasSubstr("--actor: is no code of that kind"));
  const auto day = of_vault({"incidents", "--since", "May"});
  EXPECT_EQ(day.code, 2);
  EXPECT_THAT(day.err, HasSubstr("write it as"));
}

TEST_F(CliIncidentsTest, CountsAreOnTheTerminalAndInAFile) {
  BundleMaker bundle = whole_maker();
  for (int i = 0; i < 3; ++i) bundle.add(kidnapping());
  ASSERT_EQ(import(put("b", bundle.bytes()), "ana", "v").code, 0);
  const auto out = path("stats.csv");
  const auto told = of_vault({"stats", "--out", out});
  ASSERT_EQ(told.code, 0) << told.err;
  EXPECT_THAT(told.out, HasSubstr("3 reports, 3 incidents"));
  EXPECT_THAT(content(out),
              HasSubstr("\"place_by_category\",\"mx-reynosa\",\"kidnapping\",\"3\",\"3\"\r\n"));
  const auto again = of_vault({"stats", "--out", out});
  EXPECT_EQ(again.code, 1) << "a file is never overwritten";
  const auto data = json::parse(of_vault({"stats", "--json"}).out);
  EXPECT_EQ(data.at("totals").at("headline"), 3);
}

TEST_F(CliIncidentsTest, CodesAreNamedWithoutAnySecret) {
  const auto codes = run({"codes", "actors", "--language", "es"});
  ASSERT_EQ(codes.code, 0);
  EXPECT_THAT(codes.out, HasSubstr("US-USBP"));
  EXPECT_THAT(codes.out, HasSubstr("Patrulla Fronteriza"));
  EXPECT_EQ(run({"codes", "weather"}).code, 2);
}

TEST_F(CliIncidentsTest, AMapHasTheMiddleOfThePlaceAndNobodysWords) {
  BundleMaker bundle = whole_maker();
  ScriptReport told = kidnapping();
  pb::Entry pin = in_event(answer_entry("place_detail", "CANARYWORDS"));
  pin.mutable_answer()->mutable_point()->set_latitude(26.123456);
  pin.mutable_answer()->mutable_point()->set_longitude(-98.654321);
  told.segments[0].turns.insert(told.segments[0].turns.begin(), {{pin}, {}, ""});
  bundle.add(told);
  bundle.add(small_report());
  ASSERT_EQ(import(put("b", bundle.bytes()), "ana", "v").code, 0);
  const auto out = path("map.geojson");
  ASSERT_EQ(of_vault({"export", "--format", "geojson", "--out", out}).code, 0);
  const std::string text = content(out);
  for (const char* theirs : {"CANARY", "26.123", "98.654"})
    EXPECT_THAT(text, Not(HasSubstr(theirs)));
  const auto map = json::parse(text);
  EXPECT_EQ(map.at("type"), "FeatureCollection");
  std::size_t points = 0;
  for (const auto& feature : map.at("features").as_array()) {
    EXPECT_EQ(feature.at("type"), "Feature");
    const json::value& geometry = feature.at("geometry");
    if (geometry.is_null()) continue;
    ++points;
    EXPECT_EQ(geometry.at("type"), "Point");
    EXPECT_NEAR(geometry.at("coordinates").at(0).as_double(), -98.278, 0.001) << "longitude first";
    EXPECT_NEAR(geometry.at("coordinates").at(1).as_double(), 26.092, 0.001);
    EXPECT_EQ(feature.at("properties").at("categories").at(0), "kidnapping");
  }
  EXPECT_EQ(points, 1U);
}

TEST_F(CliIncidentsTest, ATableOfIncidentsHasTheTagsUnderItsNames) {
  BundleMaker bundle = whole_maker();
  bundle.add(kidnapping());
  ASSERT_EQ(import(put("b", bundle.bytes()), "ana", "v").code, 0);
  const auto out = path("incidents.csv");
  ASSERT_EQ(of_vault({"export", "--format", "hxl", "--out", out}).code, 0);
  const std::string text = content(out);
  EXPECT_THAT(text, StartsWith("\xEF\xBB\xBF\"incident_id\",\"incident_date\","));
  EXPECT_THAT(text, HasSubstr("\r\n\"#meta+id\",\"#date+occurred\","));
  EXPECT_THAT(text, HasSubstr("-1\",\"2025-05-03\",\"day\",\""));
  EXPECT_THAT(text,
              HasSubstr("\"MX\",\"MX-TAM\",\"28032\",\"Reynosa\",\"26.092\",\"-98.278\",\"city\","
                        "\"kidnapping\",\"kidnapping\",\"OC\""));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  EXPECT_THAT(text, Not(HasSubstr("CANARY")));
}

}  // namespace
}  // namespace resguardo::testing_support
