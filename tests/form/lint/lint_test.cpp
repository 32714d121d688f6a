// SPDX-License-Identifier: AGPL-3.0-or-later
// One deliberate fault for each rule, each told by exactly that name.
#include "form/lint/lint.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "bot/dialogue/rules.h"
#include "tests/form/lint/fault_file.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::form {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing_support::broken_by;
using testing_support::fault_files;
using testing_support::good_form;

LintReport lint_text(const std::string& text) {
  const testing_support::TemporaryDirectory here;
  const auto file = here.path() / "form.txtpb";
  std::ofstream(file, std::ios::binary) << text;
  const auto source = FormSource::read(file);
  EXPECT_TRUE(source.ok()) << source.error().what;
  LintOptions options;
  options.now = TimePoint(std::chrono::days(20'700));
  pb::Questionnaire before;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(good_form(), &before));
  options.before = before;
  return lint(source.value(), options);
}

std::set<std::string> rules_of(const LintReport& report) {
  std::set<std::string> names;
  for (const Finding& each : report.findings) {
    names.insert(std::string(dialogue::info(each.rule).name));
  }
  return names;
}

std::string findings_told(const LintReport& report) {
  std::string text;
  for (const Finding& each : report.findings) {
    text += each.place + ": " + each.where + ": " + each.what + " [" +
            std::string(dialogue::info(each.rule).name) + "]\n";
  }
  return text;
}

TEST(LintTest, TheGoodFormHasNothingWrongWithIt) {
  EXPECT_EQ(findings_told(lint_text(good_form())), "");
}

// Lists that no text names, so that a language added later is easily forgotten there.
TEST(LintTest, WordListsStandInEveryLanguageOrInNone) {
  std::string form = good_form();
  const std::string list = "sensitive { language: \"en\" words: \"kidnapping\" }\n";
  form.erase(form.find(list), list.size());
  EXPECT_THAT(findings_told(lint_text(form)), HasSubstr("sensitive (en): no words"));
  const std::string command =
      "commands { kind: COMMAND_MODE mode: MODE_VOICE words { language: \"es\" words: \"VOZ\" } "
      "}\n";
  EXPECT_THAT(findings_told(lint_text(good_form() + command)),
              HasSubstr("command COMMAND_MODE (en): no word"));
}

class FaultTest : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(FaultTest, IsToldByExactlyItsName) {
  const auto report = lint_text(broken_by(GetParam()));
  EXPECT_THAT(rules_of(report), ElementsAre(GetParam().stem().string())) << findings_told(report);
}

TEST_P(FaultTest, IsToldWithItsPlace) {
  static const std::set<std::string> kOfTheWhole = {
      "form-incomplete", "form-too-large",  "landmark",      "first-questions",
      "path-too-long",   "path-over-limit", "language-twice"};
  for (const Finding& each : lint_text(broken_by(GetParam())).findings) {
    const bool whole = kOfTheWhole.contains(GetParam().stem().string()) ||
                       each.where == "landmarks" || each.where.starts_with("command ");
    if (whole) continue;
    EXPECT_THAT(each.place, HasSubstr("form.txtpb:")) << each.where << each.what;
  }
}

std::string name_of(const ::testing::TestParamInfo<std::filesystem::path>& file) {
  std::string name = file.param.stem().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(All, FaultTest, ::testing::ValuesIn(fault_files()), name_of);

TEST(RulesTest, EachHasItsFaultAndEachFaultItsRule) {
  std::set<std::string> rules;
  for (const auto& rule : dialogue::rules()) rules.insert(std::string(rule.name));
  std::set<std::string> files;
  for (const auto& file : fault_files()) files.insert(file.stem().string());
  EXPECT_EQ(rules, files);
}

TEST(RulesTest, AreNamedOnceAndSayWhatTheyAreFor) {
  std::set<std::string_view> names;
  for (const auto& rule : dialogue::rules()) {
    EXPECT_EQ(&dialogue::info(rule.rule), &rule);
    EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
    EXPECT_FALSE(rule.danger.empty() || rule.mend.empty()) << rule.name;
    EXPECT_EQ(dialogue::rule_named(rule.name), rule.rule);
  }
  EXPECT_EQ(dialogue::rule_named("no such rule"), std::nullopt);
}

}  // namespace
}  // namespace resguardo::form
