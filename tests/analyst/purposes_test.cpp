// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/report/purposes.h"

#include <gmock/gmock.h>

#include "analyst/report/report_json.h"
#include "tests/analyst/report_samples.h"

namespace resguardo::analyst {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PurposesTest : public ::testing::Test {
 protected:
  static AnswerView consent(const std::vector<std::string>& codes) {
    AnswerView told;
    told.answer.set_node("consent");
    told.answer.set_text_version("abcd");
    for (const std::string& code : codes) told.answer.add_codes(code);
    return told;
  }
};

TEST_F(PurposesTest, EveryConsentLosesThemAndSaysWhich) {
  ReportView report;
  report.answers = {consent({"research", "publish", "legal"}), consent({"publish"})};
  report.answers[0].state = AnswerState::kSuperseded;
  for (const char* purpose : {"research", "publish"}) report.final.add_consent(purpose);
  take_back(report, {"publish", "recontact"});
  EXPECT_THAT(report.final.consent(), ElementsAre("research"));
  EXPECT_THAT(report.answers[0].answer.codes(), ElementsAre("research", "legal"));
  EXPECT_THAT(report.answers[0].taken_back, ElementsAre("publish"));
  EXPECT_EQ(told_value(report.answers[0]), "research|legal");
  EXPECT_THAT(report.answers[1].answer.codes(), IsEmpty());
  EXPECT_EQ(told_value(report.answers[1]), "(taken back)");
}

TEST_F(PurposesTest, WhatWasAgreedToIsWhatTheEndSaysElseTheAnswer) {
  ReportView report;
  report.answers = {consent({"publish"}), consent({"research"})};
  report.answers[0].state = AnswerState::kSuperseded;
  EXPECT_THAT(agreed_purposes(report), ElementsAre("research"));
  report.status = ReportStatus::kComplete;
  EXPECT_THAT(agreed_purposes(report), IsEmpty());
  report.final.add_consent("publish");
  EXPECT_THAT(agreed_purposes(report), ElementsAre("publish"));
  take_back(report, {"publish"});
  EXPECT_THAT(agreed_purposes(report), IsEmpty());
}

TEST_F(PurposesTest, AnAnswerToAnotherQuestionKeepsACodeOfThatName) {
  ReportView report;
  report.answers = {consent({})};
  report.answers[0].answer.clear_text_version();
  report.answers[0].answer.add_codes("publish");
  take_back(report, {"publish"});
  EXPECT_THAT(report.answers[0].answer.codes(), ElementsAre("publish"));
  EXPECT_THAT(report.answers[0].taken_back, IsEmpty());
}

// What is left of it has no words of its own, and is no mark of words that are sealed elsewhere.
TEST_F(PurposesTest, ACorrectionThatLostAllIsNotOneWhoseWordsAreWithTheIdentity) {
  ReportView report;
  report.answers = {consent({"publish"})};
  report.answers[0].correction = true;
  take_back(report, {"publish"});
  EXPECT_FALSE(report.answers[0].wordless());
}

}  // namespace
}  // namespace resguardo::analyst
