// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/incident/codes.h"

#include <gmock/gmock.h>

#include "tests/analyst/incident/told_report.h"

namespace resguardo::analyst {
namespace {

using ::testing::ElementsAre;
using testing_support::ToldSample;

constexpr StaticText kTwice[] = {"levels { code: \"received\" } levels { code: \"received\" }"};
constexpr StaticText kBroken[] = {"levels { code: "};
constexpr StaticText kCircle[] = {
    "actors { code: \"A\" parent: \"B\" } actors { code: \"B\" parent: \"A\" }"};

TEST(CodesTest, BuiltInOnesAreThoseOfTheFormsFolder) {
  EXPECT_EQ(ToldSample::codes().all().SerializeAsString(),
            forms::research_codes().SerializeAsString());
}

TEST(CodesTest, WhatCannotBeReadOrStandsTwiceIsRefused) {
  EXPECT_EQ(Codes::parse(kTwice).error().fault, Fault::kMalformed);
  EXPECT_EQ(Codes::parse(kBroken).error().fault, Fault::kMalformed);
}

TEST(CodesTest, RowsAreFoundAfterAMove) {
  Codes codes = testing_support::must(Codes::built_in());
  const Codes moved = std::move(codes);
  ASSERT_NE(moved.violation("kidnapping.ransom"), nullptr);
  EXPECT_EQ(moved.violation("kidnapping.ransom")->category(), "kidnapping");
  EXPECT_EQ(moved.violation("nothing"), nullptr);
  ASSERT_NE(moved.place("us-san-ysidro"), nullptr);
  EXPECT_EQ(moved.place("us-san-ysidro")->mirror(), "mx-tijuana");
}

TEST(CodesTest, AnAgentOfAUnitIsOfItsAgencyToo) {
  const Codes& codes = ToldSample::codes();
  EXPECT_TRUE(codes.is_or_is_below("US-USBP", "US-GOV"));
  EXPECT_TRUE(codes.is_or_is_below("US-USBP", "US-USBP"));
  EXPECT_FALSE(codes.is_or_is_below("US-GOV", "US-USBP"));
  EXPECT_FALSE(codes.is_or_is_below("nobody", "US-GOV"));
  const auto circle = testing_support::must(Codes::parse(kCircle));
  EXPECT_TRUE(circle.is_or_is_below("A", "B"));
  EXPECT_FALSE(circle.is_or_is_below("A", "C")) << "and it ends";
}

TEST(CodesTest, AnAnswerProposesWhatTheCodesSay) {
  std::vector<std::string> proposed;
  for (const auto* violation : ToldSample::codes().proposed_by("death_cause", "killed"))
    proposed.push_back(violation->code());
  EXPECT_THAT(proposed, ElementsAre("killing.murder", "killing.extrajudicial"));
  EXPECT_TRUE(ToldSample::codes().proposed_by("death_cause", "").empty());
}

TEST(CodesTest, LabelsAreInTheLanguageElseInEnglish) {
  const auto& labels = ToldSample::codes().category("rape")->labels();
  EXPECT_EQ(label_in(labels, "pt"), "Estupro");
  EXPECT_EQ(label_in(labels, "de"), "Rape");
  EXPECT_EQ(label_in({}, "es"), "");
}

}  // namespace
}  // namespace resguardo::analyst
