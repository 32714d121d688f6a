// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/incident/risk.h"

#include <gmock/gmock.h>

#include "tests/analyst/incident/told_report.h"

namespace resguardo::analyst {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing_support::ToldSample;

TEST(RiskTest, TheMostUrgentComesFirst) {
  const AnsweredCodes answers = {
      {"collusion", {"helped"}}, {"det_time", {"still"}}, {"still_risk", {"yes"}}};
  EXPECT_THAT(ToldSample::risks().flags(answers),
              ElementsAre("ACTIVE_DANGER", "ONGOING_RISK", "COLLUSION"));
}

TEST(RiskTest, NothingAnsweredIsNoFlag) {
  EXPECT_THAT(ToldSample::risks().flags({}), IsEmpty());
  EXPECT_THAT(ToldSample::risks().flags({{"still_risk", {}}, {"det_time", {"no"}}}), IsEmpty());
}

// A form without a question that an expression names loses no other part of it.
TEST(RiskTest, OneOfSeveralQuestionsIsEnough) {
  EXPECT_THAT(ToldSample::risks().flags({{"int_age", {"under_18"}}}), ElementsAre("CHILD"));
  EXPECT_THAT(ToldSample::risks().flags({{"sv_gate", {"person"}}, {"consent", {"research"}}}),
              IsEmpty());
  EXPECT_THAT(ToldSample::risks().flags({{"sv_gate", {"person"}}, {"consent", {"recontact"}}}),
              ElementsAre("SGBV_CALLBACK"));
}

constexpr StaticText kBrokenFlag[] = {"flags { code: \"X\" priority: 1 when: \"a = 'b'\" }"};
TEST(RiskTest, ABrokenExpressionIsRefused) {
  const auto codes = testing_support::must(Codes::parse(kBrokenFlag));
  EXPECT_EQ(RiskRules::of(codes).error().fault, Fault::kMalformed);
}

}  // namespace
}  // namespace resguardo::analyst
