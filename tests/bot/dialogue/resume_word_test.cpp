// SPDX-License-Identifier: AGPL-3.0-or-later
// The phone is shared after all: a word to come back with is asked for then. On the whole form.
#include <gmock/gmock.h>

#include "tests/bot/dialogue/small_form.h"
#include "tests/bot/dialogue/whole_form.h"

namespace resguardo::dialogue {
namespace {

using ::testing::HasSubstr;

struct Reporter : Talk {
  Reporter() : Talk(whole_form()) {
    channel = ChannelKind::kSignal;
    settings.word_tag = [](std::string_view word) {
      std::string tag(16, 'k');
      for (std::size_t i = 0; i < word.size(); ++i) tag[i % 16] ^= word[i];
      return tag;
    };
    EXPECT_EQ(say({"hello", "english", "my phone", "to me", "2", "yes to all"}), "report_mode");
  }
};

TEST(ResumeWordTest, IsAskedForWhenSomebodySaysDiscreetMidway) {
  Reporter reporter;
  ASSERT_EQ(reporter.say("questions"), "event_what") << "not asked on a phone of one's own";
  EXPECT_EQ(reporter.say("discreet"), "resume_word");
  reporter.sealed.clear();
  EXPECT_EQ(reporter.say("Sunflower"), "event_what");
  EXPECT_FALSE(reporter.step().state.resume_tag().empty());
  EXPECT_TRUE(reporter.sealed.empty());
  EXPECT_EQ(reporter.say("discreet"), "event_what") << "once";
  reporter.say("exit");
  EXPECT_EQ(reporter.say("hello"), "start_language");
  EXPECT_EQ(reporter.say("sunflower"), "safety_now");
}

TEST(ResumeWordTest, BeforeItsOwnPlaceItIsAskedThere) {
  Reporter reporter;
  EXPECT_EQ(reporter.say("discreet"), "report_mode");
  EXPECT_EQ(reporter.say("questions"), "resume_word");
  EXPECT_EQ(reporter.say("sunflower"), "event_what");
}

TEST(ResumeWordTest, IsAskedForWhenThePhoneIsSharedOnReturnAfterTheYes) {
  Reporter reporter;
  reporter.say("questions");
  reporter.wait(std::chrono::minutes(31));
  ASSERT_EQ(reporter.say("hello"), "safety_now");
  reporter.say("I share it");
  EXPECT_THAT(reporter.text(), HasSubstr("unfinished"));
  EXPECT_EQ(reporter.say("yes"), "resume_word");
  EXPECT_EQ(reporter.say("skip"), "event_what") << "nobody must have one";
  EXPECT_EQ(reporter.say("discreet"), "event_what") << "nor is asked twice";
}

TEST(ResumeWordTest, WhatMayBeTheWordIsNeverSealedAfterARestartOrASilenceEither) {
  Reporter reporter;
  reporter.say({"questions", "discreet"});
  reporter.sealed.clear();
  reporter.restart();
  reporter.say("Sunflower");
  reporter.wait(std::chrono::minutes(31));
  reporter.say("Sunflower");
  for (const auto& line : reporter.sealed) EXPECT_EQ(line.find("unflower"), std::string::npos);
}

}  // namespace
}  // namespace resguardo::dialogue
