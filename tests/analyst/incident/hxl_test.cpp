// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/hxl.h"

#include <gmock/gmock.h>

#include "tests/analyst/incident/told_report.h"

namespace resguardo::analyst {
namespace {

using testing_support::ToldSample;

std::string cell(const char* column, const CodedReport& report) {
  return testing_support::must(
      hxl_cell(column, report, report.incidents.at(0), ToldSample::codes()));
}

TEST(HxlTest, EveryColumnOfTheCodesIsFilledFromSomething) {
  const auto report = ToldSample().codes("event_what", {"kidnapping"}).coded();
  EXPECT_GE(ToldSample::codes().all().hxl_size(), 21);
  for (const auto& column : ToldSample::codes().all().hxl())
    EXPECT_TRUE(hxl_cell(column.column(), report, report.incidents.at(0), ToldSample::codes()).ok())
        << column.column();
  EXPECT_EQ(hxl_cell("weather", report, report.incidents.at(0), ToldSample::codes()).error().fault,
            Fault::kNotFound);
}

TEST(HxlTest, SeveralAreInOneCellAndAPolicyInForceIsNoStatement) {
  ToldSample told;
  told.codes("role", {"interviewer"}).codes("event_what", {"kidnapping", "physical"});
  told.codes("victim_gender", {"woman"}, {0, 0}).codes("victim_gender", {"man"}, {0, 1});
  told.codes("place_country", {"US"}).day("2021-05-03", "day").codes("asy_program", {"MPP"});
  const auto report = told.coded();
  EXPECT_EQ(cell("gender", report), "woman|man");
  EXPECT_EQ(cell("violation", report), "assault.physical|kidnapping");
  EXPECT_EQ(cell("policy", report), "MPP");
  EXPECT_EQ(cell("lat", report), "") << "a country has no middle here";
}

}  // namespace
}  // namespace resguardo::analyst
