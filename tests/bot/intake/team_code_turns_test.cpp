// SPDX-License-Identifier: AGPL-3.0-or-later
// Interviewers through the real store: what is sealed, what is refused, and that a code is nowhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "bot/intake/team_codes.h"
#include "form/parts.h"
#include "storage/memory_store.h"
#include "tests/bot/intake/people.h"
#include "tests/support/paths.h"
#include "tests/support/world.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_support::World;
using testing_support::WorldOptions;

std::shared_ptr<const dialogue::Form> whole_form() {
  static const std::shared_ptr<const dialogue::Form> kForm = [] {
    const auto source =
        form::FormSource::read(testing_support::source_dir() / "proto/forms/border_abuse");
    std::vector<dialogue::FormProblem> problems;
    return dialogue::Form::compile(source.value().bytes(), problems).value();
  }();
  return kForm;
}

class TeamCodeTurnsTest : public ::testing::Test {
 protected:
  WorldOptions options() {
    WorldOptions options;
    options.compiled = whole_form();
    options.settings.team_code = [this](std::string_view typed) { return codes_.handle_of(typed); };
    return options;
  }
  std::string say(const std::string& text, const char* who = kAna) {
    EXPECT_EQ(world_->say(Channel::kWhatsApp, who, text), 200U);
    const auto shown = world_->replies(who);
    shown_ = shown.empty() ? "" : shown.back().text;
    return shown.empty() ? "" : shown.back().node;
  }
  void to_the_code(const char* who = kAna) {
    for (const char* text : {"hola", "english", "yes, it is my phone", "i am on the team"})
      say(text, who);
    ASSERT_EQ(asked_, shown_);
  }
  // A family of three, as the transcript tells it, to the receipt.
  void interview() {
    std::ifstream lines(testing_support::source_dir() /
                        "tests/forms/transcripts/en_interviewer_three_victims.txt");
    const std::size_t before = world_->store().reports().value().size();
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("> ABCD-")) line = "> " + code_;
      if (line.starts_with("> ")) node_ = say(line.substr(2));
      if (line.starts_with("tap ")) {
        EXPECT_EQ(world_->tap(kAna, node_ + ":" + line.substr(4)), 200U);
        node_ = world_->replies(kAna).back().node;
      }
    }
    ASSERT_EQ(world_->store().reports().value().size(), before + 1) << shown_;
  }

  Bytes bytes_ = Bytes(32, 7);
  std::unique_ptr<storage::Store> of_codes_ = storage::make_memory_store();
  TeamCodes codes_ = TeamCodes::read(*of_codes_, SecretBytes::take(bytes_).value()).value();
  std::string code_{codes_.add(*of_codes_, 2, Day{20'778}).value()[1].words.reveal()};
  std::string wrong_ = code_.substr(0, 13) + (code_.back() == 'A' ? 'B' : 'A');
  std::string asked_ = "Type your team code.";
  std::string shown_;
  std::string node_;
  std::unique_ptr<World> world_ = std::make_unique<World>(options());
};

TEST_F(TeamCodeTurnsTest, TwoInterviewsInARowAreSealedUnderTheHandleAndTheCodeIsNowhere) {
  ASSERT_NO_FATAL_FAILURE(interview());
  say("hola");  // the last words
  say("hola");
  ASSERT_NO_FATAL_FAILURE(interview());  // the code is asked again
  const auto reports = world_->open(0);
  ASSERT_THAT(reports, SizeIs(2));
  for (const auto& report : reports) {
    int handles = 0;
    for (const auto* stream : {&report.testimony, &report.identity}) {
      for (const auto& record : *stream) {
        EXPECT_EQ(record.DebugString().find(code_.substr(0, 4)), std::string::npos);
        for (const auto& entry : record.entries()) {
          if (entry.answer().node() != "int_code") continue;
          EXPECT_EQ(stream, &report.identity);
          EXPECT_EQ(entry.answer().text(), "team-2");
          ++handles;
        }
      }
    }
    EXPECT_EQ(handles, 1);
  }
  std::string bare;
  for (const char c : code_) bare.append(c == '-' ? 0 : 1, c);
  EXPECT_THAT(world_->hunt({code_, bare}), IsEmpty());
}

TEST_F(TeamCodeTurnsTest, WhoTriesTooOftenIsRefusedTheRightOneTooAndNotForLong) {
  to_the_code();
  for (int i = 0; i < CodeTries::kOwn; ++i) EXPECT_NE(say(wrong_), "int_source");
  const std::string refused = shown_;
  EXPECT_NE(say(code_), "int_source");
  EXPECT_EQ(shown_, refused);
  to_the_code(kBea);
  EXPECT_EQ(say(code_, kBea), "int_source") << "another phone is not held back";
  world_->advance(CodeTries::kOwnEvery);
  EXPECT_EQ(say(code_), "int_source");
}

}  // namespace
}  // namespace resguardo::intake
