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

// What is understood must be the band, never the row of that number.
TEST(AgeTest, AnAgeWithItsWordForYearsIsTheBand) {
  const auto band = [](const char* language, const char* words) {
    Newcomer one;
    one.say({"hola", language, "1", "1"});
    EXPECT_EQ(one.at(), "age");
    one.say(words);
    for (const auto& fact : one.step().state.facts()) {
      if (fact.node() == "age" && fact.codes_size() == 1) return fact.codes(0);
    }
    return std::string("?");
  };
  for (const char* words : {"30 años", "30 anos", "tengo 30 años", "30años", "30"})
    EXPECT_EQ(band("es", words), "25_34") << words;
  for (const char* words : {"30 years", "I am 30 years old", "i'm 30 years old"})
    EXPECT_EQ(band("en", words), "25_34") << words;
  for (const char* words : {"30 ans", "j'ai 30 ans"})
    EXPECT_EQ(band("fr", words), "25_34") << words;
  EXPECT_EQ(band("pt", "tenho 16 anos"), "under_18");
  EXPECT_EQ(band("ht", "mwen gen 16 an"), "under_18");
  EXPECT_EQ(band("es", "5 años"), "?") << "five years old is not the fifth row";
  EXPECT_EQ(band("es", "mi hijo tiene 12 años"), "?") << "somebody else";
  EXPECT_EQ(band("es", "30 años y 2"), "?");
}

TEST(AgeTest, AfterThreeMissesItIsSaidHow) {
  Newcomer one;
  one.say({"hola", "es", "1", "1"});
  for (int i = 0; i < 2; ++i) one.say("zzzz");
  EXPECT_THAT(one.text(), Not(HasSubstr("Responda con un número")));
  one.say("zzzz");
  EXPECT_THAT(one.text(), HasSubstr("Responda con un número"));
  EXPECT_EQ(one.at(), "age");
}

}  // namespace
}  // namespace resguardo::dialogue
