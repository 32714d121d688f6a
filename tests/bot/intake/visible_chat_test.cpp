// SPDX-License-Identifier: AGPL-3.0-or-later
// What somebody who takes the phone sees of our side of the chat. Signal lets us take messages
// back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/world.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_support::World;
using testing_support::WorldOptions;

constexpr const char* kAnaOnSignal = "4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f301";

class VisibleChatTest : public ::testing::Test {
 protected:
  static WorldOptions options() {
    WorldOptions options;
    options.settings.cover_text = {{"es", "Hoy hay sol."}, {"en", "Sunny today."}};
    return options;
  }
  void say(std::initializer_list<const char*> texts) {
    for (const char* text : texts)
      ASSERT_EQ(world_.say(Channel::kSignal, kAnaOnSignal, text), 200U);
  }
  // From hello into the questions; the phone is this person's own, or shared.
  void walk_in(const char* phone) { say({"hola", "es", "1", phone, "1", "1", "1", "todo"}); }

  World world_{options()};
};

TEST_F(VisibleChatTest, AfterExitOnlyTheCoverTextIsThere) {
  walk_in("1");
  ASSERT_GT(world_.chat(kAnaOnSignal).size(), 6U);
  say({"salir"});
  EXPECT_THAT(world_.chat(kAnaOnSignal), ElementsAre("Hoy hay sol."));
}

TEST_F(VisibleChatTest, ExitBeforeConsentLeavesNoQuestionEither) {
  say({"hola", "es", "salir"});
  EXPECT_THAT(world_.chat(kAnaOnSignal), ElementsAre("Hoy hay sol."));
}

TEST_F(VisibleChatTest, DeleteTakesTheQuestionsAlong) {
  walk_in("1");
  say({"borrar"});
  EXPECT_THAT(world_.chat(kAnaOnSignal), SizeIs(1));
}

TEST_F(VisibleChatTest, InDiscreetModeOnlyTheNewestQuestionIsThere) {
  walk_in("2");
  EXPECT_THAT(world_.chat(kAnaOnSignal), SizeIs(1));
  say({"1"});
  EXPECT_THAT(world_.chat(kAnaOnSignal), SizeIs(1));
}

TEST_F(VisibleChatTest, ARestartForgetsNoQuestionThatIsToGo) {
  walk_in("1");
  say({"1"});
  const std::size_t asked = world_.chat(kAnaOnSignal).size();
  world_.restart();
  say({"salir"});
  // The last one was taken after the last turn was stored: nobody knows its name any more.
  EXPECT_THAT(world_.chat(kAnaOnSignal), SizeIs(2)) << "of " << asked;
}

TEST_F(VisibleChatTest, TheTimerIsAskedForWhileItIsOffAndNotWithEveryMessage) {
  const auto message = [&](int expires) {
    return world_.send_signal(
        kAnaOnSignal, R"({"message":"hola","expiresInSeconds":)" + std::to_string(expires) + "}");
  };
  ASSERT_EQ(message(0), 200U);
  ASSERT_EQ(message(0), 200U);
  EXPECT_EQ(world_.timers_set(kAnaOnSignal), 1);
  ASSERT_EQ(message(86400), 200U);
  EXPECT_EQ(world_.timers_set(kAnaOnSignal), 1);
  // Turned off, and nothing said.
  const std::size_t said = world_.replies(kAnaOnSignal).size();
  ASSERT_EQ(world_.send_signal(
                kAnaOnSignal, R"({"message":null,"expiresInSeconds":0,"isExpirationUpdate":true})"),
            200U);
  EXPECT_EQ(world_.timers_set(kAnaOnSignal), 2);
  EXPECT_THAT(world_.replies(kAnaOnSignal), IsEmpty()) << said;
  world_.advance(std::chrono::minutes(11));
  ASSERT_EQ(message(0), 200U);
  EXPECT_EQ(world_.timers_set(kAnaOnSignal), 3);
}

}  // namespace
}  // namespace resguardo::intake
