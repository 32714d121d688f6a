// SPDX-License-Identifier: AGPL-3.0-or-later
// Before consent: who was in danger writes again, how deep it goes, how old somebody is.
#include <gmock/gmock.h>

#include "tests/bot/dialogue/small_form.h"
#include "tests/bot/dialogue/whole_form.h"

namespace resguardo::dialogue {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Newcomer : Talk {
  Newcomer() : Talk(whole_form()) { channel = ChannelKind::kSignal; }
};

TEST(BeginAgainTest, WhoWasInDangerIsAskedInTheirLanguageAndNotForIt) {
  Newcomer one;
  one.say({"hola", "es", "estoy en peligro"});
  ASSERT_EQ(one.step().effect, Effect::kForget);
  EXPECT_EQ(durable_part(*whole_form(), one.step().state).ByteSizeLong(), 0U);
  EXPECT_EQ(one.say("hola"), "safety_now");
  EXPECT_THAT(one.text(), HasSubstr("puede escribir ahora"));
  EXPECT_EQ(one.step().state.held_size(), 1) << "and the language is sealed if consent comes";
}

TEST(BeginAgainTest, AfterASilenceOrByExitNothingIsKnown) {
  Newcomer late;
  late.say({"hola", "es", "estoy en peligro"});
  late.wait(std::chrono::minutes(31));
  EXPECT_EQ(late.say("hola"), "start_language");
  Newcomer left;
  left.say({"hola", "es", "salir"});
  EXPECT_EQ(left.say("hola"), "start_language");
  Newcomer both;
  both.say({"hola", "es", "estoy en peligro", "salir"});
  EXPECT_EQ(both.say("hola"), "start_language");
}

TEST(BeginAgainTest, AnotherDepthIsAcknowledgedBeforeConsent) {
  Newcomer one;
  one.say({"hola", "es", "si"});
  one.say("modo rapido");
  EXPECT_THAT(one.text(), HasSubstr("✓ Muy rápido\n\n"));
  EXPECT_EQ(one.at(), "role");
  one.say("modo rapido");
  EXPECT_THAT(one.text(), HasSubstr("✓ Muy rápido"));
}

}  // namespace
}  // namespace resguardo::dialogue
