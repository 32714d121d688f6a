// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/duplicates/traits.h"

#include <gmock/gmock.h>

#include "tests/analyst/incident/told_report.h"

namespace resguardo::analyst {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing_support::ToldSample;

IncidentTraits traits(const ToldSample& told) {
  const ReportView view = told.view();
  const CodedReport report = ToldSample::coded(view);
  return traits_of(view, report, report.incidents.at(0), ToldSample::codes());
}
const std::set<std::string>& value(const IncidentTraits& traits, Trait trait) {
  return traits.values.at(static_cast<std::size_t>(trait));
}

ToldSample kidnapping() {
  ToldSample told;
  told.codes("role", {"self"}).codes("nationality", {"HT"}).codes("gender", {"woman"});
  told.codes("event_what", {"kidnapping"}).day("2026-05-03", "day").place("mx-reynosa", "city");
  told.codes("perp_kind", {"mx_authority"}).codes("perp_mx", {"MX-GN"});
  return told;
}

TEST(TraitsTest, WhatWasAnsweredStandsWhereItIsCompared) {
  const auto made = traits(kidnapping().words("group_name", "Los Zétas").agree({"research"}));
  EXPECT_THAT(made.categories, ElementsAre("kidnapping"));
  EXPECT_EQ(made.place, "mx-reynosa");
  EXPECT_TRUE(made.to_the_day);
  EXPECT_THAT(value(made, Trait::kNationality), ElementsAre("HT"));
  EXPECT_THAT(value(made, Trait::kGender), ElementsAre("woman"));
  EXPECT_THAT(value(made, Trait::kRole), ElementsAre("self"));
  EXPECT_THAT(value(made, Trait::kActors), ElementsAre("MX-GN"));
  EXPECT_THAT(value(made, Trait::kLanguage), ElementsAre("es"));
  EXPECT_THAT(value(made, Trait::kGroupName), ElementsAre("los zetas"));
  EXPECT_THAT(value(made, Trait::kPaper), IsEmpty());
  EXPECT_TRUE(made.story.empty());
}

TEST(TraitsTest, WhoDoesNotKnowAgreesWithNobody) {
  ToldSample told;
  told.codes("role", {"self"}).codes("nationality", {"UNK"}).codes("event_what", {"kidnapping"});
  told.codes("perp_kind", {"unknown"}).codes("kid_end", {"unknown"}).agree({"research"});
  const auto made = traits(told);
  EXPECT_THAT(value(made, Trait::kNationality), IsEmpty());
  EXPECT_THAT(value(made, Trait::kActors), IsEmpty());
  EXPECT_THAT(value(made, Trait::kEnd), IsEmpty());
  EXPECT_EQ(made.border_pair, "");
}

TEST(TraitsTest, APlaceAndItsMirrorAreOnePairAndAPairIsNobodysMirror) {
  ToldSample across;
  across.codes("role", {"self"}).codes("event_what", {"kidnapping"}).place("us-hidalgo", "site");
  EXPECT_EQ(traits(across.agree({"research"})).border_pair, "mx-reynosa");
  EXPECT_EQ(traits(kidnapping().agree({"research"})).border_pair, "mx-reynosa");
  for (const auto& place : ToldSample::codes().all().places()) {
    if (place.mirror().empty()) continue;
    const auto* mirror = ToldSample::codes().place(place.mirror());
    EXPECT_TRUE(mirror == nullptr || mirror->mirror().empty()) << place.place();
  }
}

TEST(TraitsTest, TheStoryIsComparedInAllItsParts) {
  const auto made = traits(kidnapping()
                               .words("story", "nos bajaron del autobús cerca de la frontera")
                               .words("story_short", "tres hombres con armas nos llevaron")
                               .agree({"research"}));
  EXPECT_FALSE(made.story.empty());
}

TEST(TraitsTest, AFileIsKnownByItsContentAndWhetherItWasPassedOn) {
  ReportView view = kidnapping().agree({"research"}).view();
  for (const bool forwarded : {false, true}) {
    MediaView& media = view.media.emplace_back();
    media.media.set_sha256(std::string(32, forwarded ? 'f' : 'o'));
    media.media.set_forwarded(forwarded);
  }
  view.media.emplace_back();  // that did not come
  const CodedReport report = ToldSample::coded(view);
  const auto made = traits_of(view, report, report.incidents.at(0), ToldSample::codes());
  EXPECT_EQ(made.files.size(), 2U);
  ASSERT_EQ(made.forwarded.size(), 1U);
  EXPECT_EQ(made.forwarded.begin()->bytes[0], 'f');
}

}  // namespace
}  // namespace resguardo::analyst
