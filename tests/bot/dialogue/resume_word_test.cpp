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

// Somebody tells on instead of answering: what is too long for a word is told, and sealed.
TEST(ResumeWordTest, WhatIsToldInsteadOfAWordIsSealedAndIsNoWord) {
  const std::string told = "last night the patrol took our phones and our money";
  for (const bool in_its_place : {false, true}) {
    Reporter reporter;
    if (in_its_place) {
      reporter.say({"discreet", "questions"});
    } else {
      reporter.say({"questions", "discreet"});
    }
    ASSERT_EQ(reporter.at(), "resume_word");
    for (const auto& text : {told, std::string(450, 'a')}) {
      EXPECT_EQ(reporter.say(text), "resume_word");
      EXPECT_THAT(reporter.last_sealed(), HasSubstr(text));
      EXPECT_TRUE(reporter.step().given.back().remark);
    }
    EXPECT_TRUE(reporter.step().state.resume_tag().empty());
    reporter.sealed.clear();
    EXPECT_EQ(reporter.say("my grey cat Luna"), "event_what");
    EXPECT_TRUE(reporter.sealed.empty());
  }
}

TEST(ResumeWordTest, AVoiceNoteOrAPinIsNoWord) {
  Reporter reporter;
  reporter.settings.media = true;
  reporter.say({"discreet", "questions"});
  reporter.act(Attachment{true, SecretText(), "audio/ogg"});
  EXPECT_EQ(reporter.at(), "resume_word");
  reporter.act(Pin{31.7, -106.4, SecretText()});
  EXPECT_EQ(reporter.at(), "resume_word");
}

TEST(ResumeWordTest, AnEditOfItIsTheWordFromThenOnAndIsNotSealed) {
  Reporter reporter;
  reporter.say({"discreet", "questions", "sunflower"});
  reporter.sealed.clear();
  reporter.act(Rewording{SecretText("sunflowers"), true});
  EXPECT_TRUE(reporter.sealed.empty());
  for (const char* word : {"sunflower", "sunflowers"}) {
    EXPECT_EQ(reporter.say({"exit", "hello", word}), "safety_now") << word;
    reporter.say("yes");
  }
}

TEST(ResumeWordTest, OneThatWasNotTakenIsNotSealedWhenItIsEditedToABetterOne) {
  Reporter reporter;
  reporter.say({"discreet", "questions"});
  reporter.sealed.clear();
  EXPECT_EQ(reporter.say("no"), "resume_word") << "anybody would try that";
  EXPECT_TRUE(reporter.step().meant_as_word);
  reporter.act(Rewording{SecretText("ok"), true});
  EXPECT_EQ(reporter.at(), "resume_word");
  reporter.act(Rewording{SecretText("sunflower"), true});
  EXPECT_NE(reporter.at(), "resume_word");
  EXPECT_TRUE(reporter.sealed.empty());
  EXPECT_EQ(reporter.say({"exit", "hello", "sunflower"}), "safety_now");
}

// The message was edited to look harmless; whoever probes with harmless words comes nowhere.
TEST(ResumeWordTest, AnEditToWhatAnybodyWritesIsNoWord) {
  Reporter reporter;
  reporter.settings.panic_words = {"nice weather"};
  reporter.say({"discreet", "questions", "sunflower"});
  for (const char* harmless : {"hello", "exit", "stop", "no", "nice weather"})
    reporter.act(Rewording{SecretText(harmless), true});
  reporter.say("exit");
  for (const char* probe : {"hello", "stop", "nice weather"})
    EXPECT_NE(reporter.say(probe), "safety_now") << probe;
  EXPECT_EQ(reporter.say("sunflower"), "safety_now");
}

// Somebody cleans the chat before the phone is given back.
TEST(ResumeWordTest, DeletingAMessageDoesNotEndTheSilence) {
  Reporter reporter;
  reporter.say({"discreet", "questions", "sunflower"});
  reporter.wait(std::chrono::minutes(31));
  reporter.act(TakenBack{});
  EXPECT_EQ(reporter.say("hello"), "start_language");
}

// The list of the question before is still on the screen.
TEST(ResumeWordTest, ATapOnTheQuestionThatWaitsIsItsAnswer) {
  Reporter reporter;
  reporter.channel = ChannelKind::kWhatsApp;
  reporter.say("questions");
  const std::string first = reporter.step().prompt->choices.front().id;
  ASSERT_EQ(reporter.say("discreet"), "resume_word");
  reporter.sealed.clear();
  reporter.tap(first);
  EXPECT_EQ(reporter.at(), "event_what");
  EXPECT_EQ(reporter.sealed.size(), 1U);
  EXPECT_FALSE(reporter.step().given.front().remark);
}

}  // namespace
}  // namespace resguardo::dialogue
