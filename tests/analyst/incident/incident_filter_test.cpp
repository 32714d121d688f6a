// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/incident/incident_filter.h"

#include <gtest/gtest.h>

#include "tests/analyst/incident/told_report.h"

namespace resguardo::analyst {
namespace {

using testing_support::ToldSample;

class IncidentFilterTest : public ::testing::Test {
 protected:
  IncidentFilterTest() {
    ToldSample told;
    told.codes("role", {"self"}).codes("nationality", {"HT"}).codes("det_time", {"still"});
    told.codes("event_what", {"kidnapping", "sexual"}).day("2021-05", "month");
    told.place("mx-tijuana", "city").codes("us_link", {"returned"});
    told.codes("perp_kind", {"mx_authority"}).codes("perp_mx", {"MX-GN"});
    told.codes("asy_program", {"T42"}).agree({"research"});
    report_ = told.coded();
  }
  FilterMatch match(const IncidentFilter& filter) const {
    return matches(filter, report_, report_.incidents.at(0), ToldSample::codes());
  }
  bool wanted(std::string IncidentFilter::* field, const char* code) const {
    IncidentFilter filter;
    filter.*field = code;
    return match(filter) == FilterMatch::kWanted;
  }
  CodedReport report_;
};

TEST_F(IncidentFilterTest, EachPartOfAFilterTakesAndRefuses) {
  struct Case {
    std::string IncidentFilter::* field;
    std::vector<const char*> takes;
    const char* refuses;
  };
  const Case cases[] = {
      {&IncidentFilter::place, {"MX", "MX-BCN", "mx-tijuana", "us-san-ysidro"}, "mx-reynosa"},
      {&IncidentFilter::actor, {"MX-GN", "MX-GOV"}, "MX-INM"},
      {&IncidentFilter::category, {"kidnapping", "other_violent_attack"}, "murder"},
      {&IncidentFilter::violation, {"kidnapping", "sexual", "sexual.unspecified"}, "sexual.rape"},
      {&IncidentFilter::policy, {"T42"}, "MPP2"},
      {&IncidentFilter::nationality, {"HT"}, "VE"},
      {&IncidentFilter::us_link, {"returned"}, "no"},
      {&IncidentFilter::level, {"received"}, "credible"},
      {&IncidentFilter::risk, {"ACTIVE_DANGER", "SGBV"}, "MISSING"},
      {&IncidentFilter::purpose, {"research"}, "publish"},
      {&IncidentFilter::stream, {"bot"}, "interview"},
  };
  for (const auto& [field, takes, refuses] : cases) {
    for (const char* code : takes) EXPECT_TRUE(wanted(field, code)) << code;
    EXPECT_FALSE(wanted(field, refuses)) << refuses;
  }
  EXPECT_EQ(match({}), FilterMatch::kWanted);
}

TEST_F(IncidentFilterTest, ADayIsOneOnWhichItMayHaveBeen) {
  EXPECT_EQ(match({.since = parse_day("2021-05-31")}), FilterMatch::kWanted);
  EXPECT_EQ(match({.since = parse_day("2021-06-01")}), FilterMatch::kNotWanted);
  EXPECT_EQ(match({.until = parse_day("2021-05-01")}), FilterMatch::kWanted);
  EXPECT_EQ(match({.until = parse_day("2021-04-30")}), FilterMatch::kNotWanted);
  report_.incidents[0].when.days.reset();
  EXPECT_EQ(match({.since = parse_day("2021-05-31")}), FilterMatch::kDayUnknown);
  EXPECT_EQ(match({.since = parse_day("2021-05-31"), .purpose = "publish"}),
            FilterMatch::kNotWanted);
  EXPECT_EQ(match({}), FilterMatch::kWanted);
}

TEST_F(IncidentFilterTest, AViolationThatWasRejectedIsNoneAnyMore) {
  for (auto& value : report_.incidents[0].violations) value.standing = CodeStanding::kRejected;
  EXPECT_FALSE(wanted(&IncidentFilter::category, "kidnapping"));
  EXPECT_FALSE(wanted(&IncidentFilter::violation, "kidnapping"));
}

TEST_F(IncidentFilterTest, ACodeThatThereIsNotIsNamed) {
  FormShelf forms;
  forms.emplace(Digest{}, ToldSample::form());
  const auto unknown = [&](std::string IncidentFilter::* field, const char* code) {
    IncidentFilter filter;
    filter.*field = code;
    return unknown_code_in(filter, ToldSample::codes(), forms);
  };
  const std::pair<std::string IncidentFilter::*, const char*> known[] = {
      {&IncidentFilter::place, "MX"},         {&IncidentFilter::place, "us-san-ysidro"},
      {&IncidentFilter::actor, "US-USBP"},    {&IncidentFilter::violation, "sexual"},
      {&IncidentFilter::us_link, "returned"}, {&IncidentFilter::nationality, "HT"},
      {&IncidentFilter::purpose, "research"}, {&IncidentFilter::risk, "CHILD"},
      {&IncidentFilter::level, "credible"},   {&IncidentFilter::category, "rape"},
      {&IncidentFilter::policy, "T42"},       {&IncidentFilter::stream, "interview"}};
  for (const auto& [field, code] : known) EXPECT_EQ(unknown(field, code), "") << code;
  EXPECT_EQ(unknown(&IncidentFilter::place, "mx-nowhere"), "place");
  EXPECT_EQ(unknown(&IncidentFilter::actor, "us-usbp"), "actor");
  EXPECT_EQ(unknown(&IncidentFilter::violation, "sex"), "violation");
  EXPECT_EQ(unknown(&IncidentFilter::us_link, "gone"), "us-link");
  EXPECT_EQ(unknown(&IncidentFilter::stream, "media"), "stream");
}

}  // namespace
}  // namespace resguardo::analyst
