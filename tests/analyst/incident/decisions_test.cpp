// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/incident/decisions.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/analyst/incident/told_report.h"

namespace resguardo::analyst {
namespace {

using testing_support::ToldSample;

Decision about(DecisionKind kind, DecisionHow how, const char* code, std::uint32_t incident = 1) {
  Decision one;
  one.kind = kind;
  one.how = how;
  one.incident = incident;
  one.code = code;
  return one;
}
Decision violation(DecisionHow how, const char* code) {
  return about(DecisionKind::kViolation, how, code);
}

class DecisionsTest : public ::testing::Test {
 protected:
  DecisionsTest() {
    ToldSample told;
    told.codes("role", {"self"}).codes("event_what", {"kidnapping", "sexual"});
    told.codes("perp_kind", {"organised_crime"});
    report_ = told.coded();
  }
  const Incident& incident() const { return report_.incidents.at(0); }
  std::vector<std::string> counted() const { return standing_codes(incident().violations); }
  CodedReport report_;
};

TEST_F(DecisionsTest, WhatIsConfirmedCountsAndTheRestDoesNot) {
  ASSERT_GE(counted().size(), 1U);
  const std::vector<Decision> said = {violation(DecisionHow::kConfirm, "torture")};
  apply_decisions(said, report_);
  EXPECT_EQ(counted(), std::vector<std::string>{"torture"}) << "added, and only that is confirmed";
}

TEST_F(DecisionsTest, WhatIsRejectedOrUndone) {
  const auto before = counted();
  std::vector<Decision> said;
  for (const std::string& code : before)
    said.push_back(violation(DecisionHow::kReject, code.c_str()));
  CodedReport rejected = report_;
  apply_decisions(said, rejected);
  for (const std::string& code : standing_codes(rejected.incidents.at(0).violations))
    EXPECT_EQ(std::ranges::find(before, code), before.end()) << code;
  for (const std::string& code : before)
    said.push_back(violation(DecisionHow::kUndo, code.c_str()));
  apply_decisions(said, report_);
  EXPECT_EQ(counted(), before);
}

TEST_F(DecisionsTest, ActorsLevelsAndTags) {
  const std::vector<Decision> said = {
      about(DecisionKind::kActor, DecisionHow::kConfirm, "MX-GN"),
      about(DecisionKind::kActor, DecisionHow::kReject, "OC"),
      about(DecisionKind::kLevel, DecisionHow::kConfirm, "screened"),
      about(DecisionKind::kLevel, DecisionHow::kConfirm, "credible"),
      about(DecisionKind::kTag, DecisionHow::kConfirm, "to-call", 0),
      about(DecisionKind::kTag, DecisionHow::kConfirm, "again", 0),
      about(DecisionKind::kTag, DecisionHow::kUndo, "to-call", 0),
  };
  apply_decisions(said, report_);
  EXPECT_EQ(incident().actors(), std::vector<std::string>{"MX-GN"});
  EXPECT_EQ(incident().level, "credible");
  EXPECT_EQ(report_.tags, std::vector<std::string>{"again"});
}

TEST_F(DecisionsTest, OfAnIncidentThatIsNotThereNothingChanges) {
  const Decision gone = about(DecisionKind::kLevel, DecisionHow::kConfirm, "verified", 7);
  EXPECT_TRUE(is_about_nothing(gone, report_));
  apply_decisions(std::vector<Decision>{gone}, report_);
  EXPECT_EQ(incident().level, "received");
  EXPECT_FALSE(is_about_nothing(about(DecisionKind::kTag, DecisionHow::kConfirm, "x", 0), report_));
}

TEST_F(DecisionsTest, OnlyCodesOfTheProgramAndPlainTags) {
  const Codes& codes = ToldSample::codes();
  EXPECT_TRUE(is_code_of(violation(DecisionHow::kConfirm, "torture"), codes));
  EXPECT_FALSE(is_code_of(violation(DecisionHow::kConfirm, "US-CBP"), codes));
  for (const char* tag : {"a", "to-call-2"})
    EXPECT_TRUE(is_code_of(about(DecisionKind::kTag, DecisionHow::kConfirm, tag, 0), codes)) << tag;
  for (const char* tag : {"", "A", "a b", "-a", "a-", "a--b", "á", "a\n"})
    EXPECT_FALSE(is_code_of(about(DecisionKind::kTag, DecisionHow::kConfirm, tag, 0), codes))
        << tag;
  EXPECT_FALSE(is_code_of(
      about(DecisionKind::kTag, DecisionHow::kConfirm, std::string(41, 'a').c_str(), 0), codes));
}

// Whatever is decided in whatever order: of each code the last one holds.
TEST_F(DecisionsTest, TheLastOneHolds) {
  constexpr std::array<const char*, 4> kCodes = {"torture", "kidnapping", "robbery", "extortion"};
  std::mt19937 random(8);  // NOLINT: the same each time
  for (int round = 0; round < 300; ++round) {
    std::vector<Decision> said;
    std::map<std::string, DecisionHow> last;
    for (unsigned i = 0; i < 1 + random() % 20; ++i) {
      const char* code = kCodes.at(random() % kCodes.size());
      const auto how = static_cast<DecisionHow>(1 + random() % 3);
      said.push_back(violation(how, code));
      last[code] = how;
    }
    CodedReport decided = report_;
    apply_decisions(said, decided);
    for (const auto& [code, how] : last) {
      const auto& values = decided.incidents.at(0).violations;
      const auto found = std::ranges::find(values, code, &CodedValue::code);
      if (how == DecisionHow::kUndo) {
        const auto& was = report_.incidents.at(0).violations;
        const auto before = std::ranges::find(was, code, &CodedValue::code);
        ASSERT_EQ(found == values.end(), before == was.end());
        if (found != values.end()) {
          ASSERT_EQ(found->standing, before->standing);
        }
        continue;
      }
      ASSERT_NE(found, values.end());
      ASSERT_EQ(found->standing,
                how == DecisionHow::kConfirm ? CodeStanding::kConfirmed : CodeStanding::kRejected);
    }
  }
}

}  // namespace
}  // namespace resguardo::analyst
