// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include "tests/analyst/incident/told_report.h"

namespace resguardo::analyst {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using testing_support::ToldSample;

std::vector<std::string> codes_of(const std::vector<CodedValue>& values, CodeStanding standing) {
  std::vector<std::string> codes;
  for (const auto& value : values)
    if (value.standing == standing) codes.push_back(value.code);
  return codes;
}
std::vector<std::string> actors_of(const Incident& incident) {
  std::vector<std::string> actors;
  for (const auto& one : incident.involvements)
    actors.push_back(one.actor + (one.acquiescence.empty() ? "" : ":" + one.acquiescence));
  return actors;
}

// Two events, by somebody it happened to.
ToldSample two_events() {
  ToldSample told;
  told.codes("role", {"self"}).codes("age", {"25_34"});
  told.codes("event_what", {"kidnapping", "sexual"}).day("2021-05-03", "day");
  told.codes("place_country", {"MX"}).place("mx-reynosa", "city").codes("us_link", {"returned"});
  told.words("story", "Nos llevaron").codes("perp_kind", {"organised_crime", "mx_authority"});
  told.codes("perp_mx", {"MX-GN", "unknown"}).codes("collusion", {"handed_over"});
  told.codes("collusion_who", {"MX-INM"})
      .codes("kid_ransom", {"paid"})
      .codes("kid_time", {"still"});
  told.codes("event_what", {"border"}, {1}).codes("bor_kind", {"expelled"}, {1});
  told.codes("place_country", {"US"}, {1}).day("2024", "year", {1});
  told.codes("nationality", {"HT"}).codes("gender", {"woman"});
  told.agree({"research", "publish"});
  return told;
}

TEST(CodedReportTest, OfAnAuthorityThatLetOthersDoItTheDegreeIsSaid) {
  const auto degree = [](const char* collusion) {
    ToldSample told;
    told.codes("role", {"self"}).codes("event_what", {"kidnapping"});
    told.codes("perp_kind", {"organised_crime"}).codes("collusion", {collusion});
    told.codes("collusion_who", {"MX-INM"});
    std::string degrees;
    const CodedReport coded = told.coded();
    for (const Involvement& one : coded.incidents.at(0).involvements)
      degrees += one.actor + "=" + one.degree + " ";
    return degrees;
  };
  EXPECT_EQ(degree("handed_over"), "OC= MX-INM=direct ");
  EXPECT_EQ(degree("helped"), "OC= MX-INM=accomplice_passive ");
  EXPECT_EQ(degree("allowed"), "OC= MX-INM=failed_to_prevent ");
}

TEST(CodedReportTest, AnotherCountryThanThoseAskedForIsNoPlace) {
  ToldSample told;
  told.codes("role", {"self"}).codes("event_what", {"kidnapping"});
  told.codes("place_country", {"other"});
  const Incident incident = told.coded().incidents.at(0);
  EXPECT_EQ(incident.where.country, "");
  EXPECT_EQ(incident.where.precision, "");
  EXPECT_THAT(values_of(incident.fields, "place.country"), ElementsAre("other"))
      << "as it was told";
}

TEST(CodedReportTest, EachEventIsAnIncidentOfItsOwn) {
  const auto coded = two_events().coded();
  ASSERT_EQ(coded.incidents.size(), 2U);
  EXPECT_EQ(coded.stream, "bot");
  EXPECT_THAT(coded.consent, ElementsAre("publish", "research"));
  EXPECT_THAT(coded.risks, Contains("ACTIVE_DANGER"));
  const Incident& first = coded.incidents[0];
  EXPECT_EQ(first.number, 1U);
  EXPECT_EQ(first.when.edtf, "2021-05-03");
  EXPECT_EQ(first.where.name, "Reynosa");
  EXPECT_EQ(first.where.area, "MX-TAM");
  EXPECT_NEAR(*first.where.latitude, 26.09, 0.01);
  EXPECT_THAT(values_of(first.fields, "act.kidnapping.ransom"), ElementsAre("paid"));
  EXPECT_THAT(values_of(first.words, "event.description"), ElementsAre("Nos llevaron"));
  const Incident& second = coded.incidents[1];
  EXPECT_EQ(second.where.country, "US");
  EXPECT_EQ(second.where.precision, "country");
  EXPECT_FALSE(second.where.latitude.has_value());
  EXPECT_THAT(values_of(second.fields, "act.kidnapping.ransom"), IsEmpty());
}

TEST(CodedReportTest, ViolationsAreProposedWithTheirReasons) {
  const auto coded = two_events().coded();
  const auto& violations = coded.incidents[0].violations;
  EXPECT_THAT(codes_of(violations, CodeStanding::kProposed),
              ElementsAre("sexual.unspecified", "kidnapping", "kidnapping.ransom"));
  EXPECT_THAT(codes_of(violations, CodeStanding::kConfirmed), IsEmpty());
  EXPECT_THAT(violations[2].because, ElementsAre("kid_ransom=paid"));
  EXPECT_THAT(coded.incidents[0].categories(ToldSample::codes()),
              ElementsAre("kidnapping", "other_violent_attack"));
  EXPECT_THAT(codes_of(coded.incidents[1].violations, CodeStanding::kProposed),
              ElementsAre("expulsion.summary"));
}

// "Killing by non-state actors" and "extrajudicial execution" have one trigger; so have a person
// who is missing and one whom a state made disappear.
TEST(CodedReportTest, AStatesPartDecidesBetweenCodes) {
  const auto proposed = [](const std::vector<std::string>& kinds) {
    ToldSample told;
    told.codes("death_cause", {"killed"}).codes("event_what", {"missing"});
    told.codes("perp_kind", kinds);
    return codes_of(told.coded().incidents.at(0).violations, CodeStanding::kProposed);
  };
  EXPECT_THAT(proposed({"organised_crime"}), ElementsAre("killing.murder", "missing.person"));
  EXPECT_THAT(proposed({"mx_authority"}),
              ElementsAre("killing.extrajudicial", "disappearance.enforced"));
}

TEST(CodedReportTest, AFinerAnswerLeavesOutWhatIsNotMeant) {
  ToldSample told;
  const auto proposed = [&] {
    return codes_of(told.coded().incidents.at(0).violations, CodeStanding::kProposed);
  };
  told.codes("event_what", {"taking"});
  EXPECT_THAT(proposed(), ElementsAre("property.robbery", "property.extortion"));
  told.codes("tak_kind", {"robbery"});
  EXPECT_THAT(proposed(), ElementsAre("property.robbery"));
}

TEST(CodedReportTest, TortureAndRefoulementArePeoplesToDecide) {
  ToldSample told;
  told.codes("kid_treat", {"beaten"}).codes("exp_to", {"own"});
  const auto incident = told.coded().incidents.at(0);
  EXPECT_THAT(codes_of(incident.violations, CodeStanding::kToDecide),
              ElementsAre("torture", "refoulement"));
  EXPECT_THAT(incident.categories(ToldSample::codes()), IsEmpty());
}

TEST(CodedReportTest, WhoDidItIsTheMostParticularThatWasNamed) {
  EXPECT_THAT(actors_of(two_events().coded().incidents[0]),
              ElementsAre("OC", "MX-GN", "MX-INM:handed_over"));
  ToldSample unknown;
  unknown.codes("event_what", {"physical"}).codes("perp_kind", {"us_authority"});
  unknown.codes("perp_us", {"unknown"});
  EXPECT_THAT(actors_of(unknown.coded().incidents.at(0)), ElementsAre("US-GOV"));
}

TEST(CodedReportTest, HowManyIsOfItsOwnKind) {
  ToldSample told;
  told.codes("perp_kind", {"unknown", "organised_crime", "us_authority"})
      .codes("perp_us", {"US-ICE"});
  told.codes("perp_count", {"over_10"}, {0, 0}).codes("perp_count", {"1"}, {0, 1});
  const auto incident = told.coded().incidents.at(0);
  std::map<std::string, std::string> counts;
  for (const auto& one : incident.involvements) counts[one.actor] = one.count;
  EXPECT_EQ(counts["OC"], "over_10");
  EXPECT_EQ(counts["US-ICE"], "1");
  EXPECT_EQ(counts["UNKNOWN"], "");
}

TEST(CodedReportTest, PoliciesInForceAreProposedWhereTheyMatter) {
  const auto incidents = two_events().coded().incidents;
  const auto proposed = codes_of(incidents[0].policies, CodeStanding::kProposed);
  EXPECT_THAT(proposed, Contains("T42"));
  EXPECT_THAT(proposed, Not(Contains("MPP"))) << "its phases stand for it";
  EXPECT_THAT(proposed, Not(Contains("MPP2"))) << "from December";
  EXPECT_THAT(codes_of(incidents[1].policies, CodeStanding::kProposed), IsEmpty())
      << "a year is no day";
  ToldSample elsewhere;
  elsewhere.codes("place_country", {"MX"}).day("2021-05-03", "day").codes("us_link", {"no"});
  elsewhere.codes("asy_program", {"T42", "other"});
  const auto incident = elsewhere.coded().incidents.at(0);
  EXPECT_THAT(codes_of(incident.policies, CodeStanding::kProposed), IsEmpty());
  EXPECT_THAT(codes_of(incident.policies, CodeStanding::kReported), ElementsAre("T42"));
}

TEST(CodedReportTest, TheVictimIsWhoTellsItOrWhomTheyTellOf) {
  const auto own = two_events().coded().incidents[0].victims;
  ASSERT_EQ(own.size(), 1U);
  EXPECT_EQ(own[0].nationality, "HT");
  EXPECT_EQ(own[0].gender, "woman");
  EXPECT_EQ(own[0].age_band, "25_34");
  ToldSample witness;
  witness.codes("role", {"witness"}).codes("gender", {"man"}).codes("event_what", {"death"});
  const auto other = witness.coded().incidents.at(0).victims;
  ASSERT_EQ(other.size(), 1U);
  EXPECT_EQ(other[0].gender, "") << "that of who tells it";
}

TEST(CodedReportTest, AnInterviewersVictimsHaveLetters) {
  ToldSample told;
  told.codes("role", {"interviewer"}).codes("int_source", {"family"});
  told.codes("event_what", {"kidnapping"}).codes("victim_gender", {"woman"}, {0, 0});
  told.codes("victim_age", {"12_17"}, {0, 1}).codes("victim_acts", {"kidnapping"}, {0, 1});
  const auto coded = told.coded();
  EXPECT_EQ(coded.stream, "interview");
  const auto& victims = coded.incidents.at(0).victims;
  ASSERT_EQ(victims.size(), 2U);
  EXPECT_EQ(victims[0].label + victims[0].gender, "Awoman");
  EXPECT_EQ(victims[1].label + victims[1].age_band, "B12_17");
  EXPECT_THAT(victims[1].acts, ElementsAre("kidnapping"));
}

TEST(CodedReportTest, WhatWasTakenBackOrSaidAnewCountsNoMore) {
  ToldSample told;
  told.codes("event_what", {"death"}).codes("event_what", {"physical"});
  EXPECT_THAT(codes_of(told.coded().incidents.at(0).violations, CodeStanding::kProposed),
              ElementsAre("assault.physical"));
  auto view = two_events().view();
  take_back(view, {"publish"});
  EXPECT_THAT(ToldSample::coded(view).consent, ElementsAre("research"));
}

TEST(CodedReportTest, AReportThatWasNotFinishedAllowsWhatWasAnswered) {
  pb::Answer consent = ToldSample::about("consent", {});
  consent.set_text_version("00");
  consent.add_codes("research");
  consent.add_codes("publish");
  ToldSample told;
  auto view = told.say(consent).view();
  EXPECT_THAT(ToldSample::coded(view).consent, ElementsAre("publish", "research"));
  take_back(view, {"publish"});
  EXPECT_THAT(ToldSample::coded(view).consent, ElementsAre("research"));
  EXPECT_THAT(told.agree({}).coded().consent, IsEmpty()) << "the end counts, once there is one";
}

TEST(CodedReportTest, WordsThatMayMeanSeveralPlacesNameThem) {
  ToldSample told;
  told.codes("place_city", {"mx-nogales", "us-nogales", "hostile"});
  const Where where = told.coded().incidents.at(0).where;
  EXPECT_THAT(where.candidates, ElementsAre("mx-nogales", "us-nogales"));
  EXPECT_EQ(where.place, "");
  EXPECT_FALSE(where.latitude.has_value());
}

TEST(CodedReportTest, ASkippedQuestionIsKnownToHaveBeenAsked) {
  pb::Answer skipped = ToldSample::about("us_link", {0});
  skipped.set_skipped(true);
  const auto incident = ToldSample().say(skipped).coded().incidents.at(0);
  ASSERT_TRUE(incident.fields.contains("event.us_policy_link"));
  EXPECT_THAT(incident.fields.at("event.us_policy_link"), IsEmpty());
  EXPECT_FALSE(incident.fields.contains("event.victim_count_band"));
}

// Anyone can seal to a public key: what no form has is kept out of codes.
TEST(CodedReportTest, HostileAnswersBecomeNoCodes) {
  ToldSample told;
  told.codes("perp_kind", {"US-ICE\n=cmd", ""})
      .codes("bor_kind", {"\xff"})
      .day("9999-99-99", "day");
  told.place("mx-nowhere", "city").codes("event_what", {"kidnapping"}, {4000000000U});
  const auto coded = told.coded();
  ASSERT_EQ(coded.incidents.size(), 2U);
  EXPECT_THAT(coded.incidents[0].involvements, IsEmpty());
  EXPECT_FALSE(coded.incidents[0].when.days.has_value());
  EXPECT_EQ(coded.incidents[0].where.name, "");
  EXPECT_EQ(coded.incidents[1].number, 4000000001U);
}

TEST(CodedReportTest, WithoutItsFormNothingIsFilled) {
  const auto view = two_events().view();
  const auto coded = coded_report(view, nullptr, ToldSample::codes(), ToldSample::risks());
  EXPECT_THAT(coded.incidents, IsEmpty());
  EXPECT_THAT(coded.consent, ElementsAre("publish", "research"));
}

}  // namespace
}  // namespace resguardo::analyst
