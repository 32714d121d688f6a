// SPDX-License-Identifier: AGPL-3.0-or-later
// Leaving and coming back, through the real store: docs/adr/081.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bot/intake/code_tries.h"
#include "tests/bot/intake/people.h"
#include "tests/support/consent.h"
#include "tests/support/world.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using testing_support::give_consent;
using testing_support::World;
using testing_support::WorldOptions;

class LeavingTest : public ::testing::TestWithParam<bool> {
 protected:
  static WorldOptions options() {
    WorldOptions options;
    options.settings.resume_words = {"limonero"};
    return options;
  }
  std::string say(const char* text) {
    EXPECT_EQ(world_.say(Channel::kWhatsApp, kAna, text), 200U);
    const auto shown = world_.replies(kAna);
    return shown.empty() ? "" : shown.back().node;
  }
  void perhaps_restart() {
    if (GetParam()) world_.restart();
  }
  World world_{options()};
};

TEST_P(LeavingTest, WhoComesBackWithTheWordEndsTheSameReport) {
  give_consent(world_, kAna);
  say("salir");
  perhaps_restart();
  for (const char* guess : {"hola", "borrar", "hola"}) EXPECT_NE(say(guess), "safety_now");
  perhaps_restart();
  EXPECT_EQ(say("Limonero"), "safety_now");
  say("1");
  for (int i = 0; i < 60 && world_.open(0).empty(); ++i) {
    say("1");
    say("algo");
    say("listo");
  }
  const auto reports = world_.open(0);
  ASSERT_THAT(reports, SizeIs(1));
  int left = 0;
  int came_back = 0;
  for (const auto& record : reports[0].testimony)
    for (const auto& entry : record.entries()) {
      left += entry.event().kind() == pb::EVENT_EXIT ? 1 : 0;
      came_back += entry.event().kind() == pb::EVENT_RESUMED ? 1 : 0;
    }
  EXPECT_EQ(left, 1);
  EXPECT_GE(came_back, 1);
}

TEST_P(LeavingTest, TheMessengerIsToForgetWhoLeaves) {
  give_consent(world_, kAna);
  EXPECT_THAT(world_.traffic(kAna), Not(Contains("forgets the contact")));
  perhaps_restart();
  say("salir");
  EXPECT_EQ(world_.traffic(kAna).back(), "forgets the contact");
}

TEST_P(LeavingTest, AStrangerWhoErasesErasesNothing) {
  give_consent(world_, kAna);
  say("salir");
  perhaps_restart();
  say("borrar");
  EXPECT_THAT(world_.store().open_reports().value(), SizeIs(1));
  perhaps_restart();
  EXPECT_EQ(say("limonero"), "safety_now");
}

// Whoever has the phone may guess. Nobody else pays for it, and the person waits minutes, not days.
TEST_P(LeavingTest, WhoGuessesTooOftenIsRefusedTheRightWordTooAndNotForLong) {
  give_consent(world_, kAna);
  say("salir");
  perhaps_restart();
  for (int i = 0; i < CodeTries::kOwn; ++i) EXPECT_NE(say("margarita"), "safety_now");
  EXPECT_NE(say("limonero"), "safety_now");
  world_.advance(CodeTries::kOwnEvery);
  EXPECT_EQ(say("limonero"), "safety_now");
}

// The language of who was in danger is known to memory, and to nothing else.
TEST_P(LeavingTest, WhoWasInDangerIsNotAskedForTheLanguageAnewUnlessTheProcessEnded) {
  for (const char* words : {"hola", "es", "estoy en peligro"}) say(words);
  perhaps_restart();
  EXPECT_EQ(say("hola"), GetParam() ? "start_language" : "safety_now");
  EXPECT_THAT(world_.store().open_reports().value(), IsEmpty());
}

// Discreet, with a word: silence is leaving. Nothing of a stranger may begin a report.
TEST_P(LeavingTest, SilenceOnASharedPhoneLeavesOneReportAndNoSecond) {
  for (const char* words : {"hola", "es", "si", "sí, lo comparto", "A mí", "si", "entiendo"})
    say(words);
  say("sí a todo");
  ASSERT_THAT(world_.store().open_reports().value(), SizeIs(1));
  perhaps_restart();
  world_.advance(std::chrono::minutes(40));
  EXPECT_EQ(say("hola"), "start_language");
  EXPECT_EQ(say("es"), "safety_now");
  EXPECT_THAT(world_.store().open_reports().value(), SizeIs(1));
}

// The roster ended long ago: nothing can be sealed, and who leaves is let go all the same.
TEST_P(LeavingTest, WhoeverLeavesIsLetGoAlsoWhereNothingCanBeSealed) {
  give_consent(world_, kAna);
  perhaps_restart();
  world_.set_clock(start_of(Day{world_.roster().roster.expires().number + 5}));
  ASSERT_FALSE(world_.gate().enter(world_.now()).ok());
  say("salir");
  EXPECT_EQ(say("hola"), "start_language");
}

// A deletion is answered with silence; what faded with the process is still to be asked after it.
TEST(AfterARestartTest, ADeletionFirstDoesNotPassOverWhatFaded) {
  constexpr const char* kSomebody = "4b6e0f0c-52a1-4d8e-9d3b-0b7f2f0a0c01";
  World world;
  std::string node;
  const auto say = [&](const char* text) {
    ASSERT_EQ(world.say(Channel::kSignal, kSomebody, text), 200U) << text;
    const auto shown = world.replies(kSomebody);
    if (!shown.empty()) node = shown.back().node;
  };
  for (const char* text : {"hola", "es", "1", "1", "1", "1", "1", "si a todo"}) say(text);
  for (int i = 0; i < 10 && node != "event_harm"; ++i) say("1");
  ASSERT_EQ(node, "event_harm");
  say("1");
  ASSERT_NE(node, "event_harm");
  world.restart();
  ASSERT_EQ(world.send_signal(kSomebody, R"({"remoteDelete":{"timestamp":1}})"), 200U);
  say("de esto hablaba");
  EXPECT_EQ(node, "event_harm");
}

INSTANTIATE_TEST_SUITE_P(BothWays, LeavingTest, ::testing::Bool());

}  // namespace
}  // namespace resguardo::intake
