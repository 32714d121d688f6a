// SPDX-License-Identifier: AGPL-3.0-or-later
// What is told anew, edited or taken back: what is sealed of it, and in which of the two streams.
#include <gtest/gtest.h>

#include "tests/bot/dialogue/small_form.h"

namespace resguardo::dialogue {
namespace {

using Kind = Given::Kind;
using Lines = std::vector<std::string>;

const char* const kChanged = R"form(
sections {
  id: "event" @titles(Event)
  nodes { id: "told" @text(Told) narrative {} }
  nodes { id: "who" @text(Who) multiple_choice { @pick(police) @pick(gang) @pick(army) } }
  nodes { id: "line" @text(Line) text {} }
}
sections {
  id: "about" @titles(About)
  nodes { id: "name" @text(Name) compartment: COMPARTMENT_IDENTITY text {} }
}
)form";

class TurnChangeTest : public ::testing::Test {
 protected:
  static std::shared_ptr<const Form> form() {
    static const std::shared_ptr<const Form> kForm = compiled(small_form_source(kChanged));
    return kForm;
  }
  void SetUp() override {
    ASSERT_NE(form(), nullptr);
    talk_.settings.media = true;
    ASSERT_EQ(talk_.consent(), "told");
  }
  // All of it told, and the story's section is to be told anew.
  void change() {
    for (int i = 0; i < 12 && talk_.at() != "review"; ++i) talk_.say("saltar");
    ASSERT_EQ(talk_.at(), "review");
    talk_.say("cambiar");
    ASSERT_EQ(talk_.say("Event"), "told");
    talk_.sealed.clear();
  }
  const std::vector<Given>& given() { return talk_.step().given; }
  std::uint32_t last_part() { return given().back().part; }
  void voice() { talk_.act(Attachment{true, SecretText(), "audio/ogg", false, 0}); }
  Talk talk_{form()};
};

TEST_F(TurnChangeTest, AStoryToldAnewBeginsWithItsFirstPart) {
  talk_.say({"uno", "dos", "tres"});
  EXPECT_EQ(last_part(), 2U);
  talk_.say({"listo", "police"});
  change();
  talk_.say("de nuevo");
  EXPECT_EQ(last_part(), 0U);
  talk_.say("y más");
  EXPECT_EQ(last_part(), 1U);
  talk_.restart();
  talk_.say("y más aún");
  EXPECT_EQ(talk_.last_sealed(), "told=y más aún");
  EXPECT_EQ(last_part(), 2U);
}

TEST_F(TurnChangeTest, ARestartBeforeTheFirstNewPartChangesNothing) {
  talk_.say({"uno", "dos", "listo"});
  change();
  talk_.restart();
  talk_.say("de nuevo");
  EXPECT_EQ(last_part(), 0U);
}

TEST_F(TurnChangeTest, AStoryStaysAsItWasUntilSomethingIsToldAnew) {
  talk_.say({"uno", "dos", "listo"});
  for (const char* word : {"saltar", "listo"}) {
    change();
    ASSERT_EQ(talk_.say(word), "who");
    EXPECT_TRUE(talk_.sealed.empty());
    ASSERT_EQ(talk_.say("atras"), "told");
    talk_.say("y más");
    EXPECT_GT(last_part(), 1U) << "who went back adds to it";
    talk_.say("listo");
  }
}

TEST_F(TurnChangeTest, WordsAfterASilenceDoNotBeginAStoryAnew) {
  talk_.say({"uno", "dos", "listo"});
  change();
  talk_.wait(std::chrono::minutes(40));
  talk_.say("¿hay alguien?");
  EXPECT_EQ(talk_.last_sealed(), "told=¿hay alguien?");
  EXPECT_TRUE(given().back().remark);
  talk_.say("si");
  talk_.say("si");
  ASSERT_EQ(talk_.at(), "told");
  talk_.say("de nuevo");
  EXPECT_EQ(last_part(), 0U);
}

TEST_F(TurnChangeTest, AStoryToldAnewByVoiceTakesTheFirstOneBack) {
  talk_.say({"uno", "dos", "listo"});
  change();
  voice();
  ASSERT_EQ(given().size(), 2U);
  EXPECT_EQ(given()[0].kind, Kind::kRetraction);
  EXPECT_EQ(given()[0].node, "told");
  EXPECT_EQ(given()[1].kind, Kind::kMedia);
  EXPECT_EQ(given()[1].part, 0U);
  talk_.say("y con palabras");
  EXPECT_EQ(last_part(), 1U);
  voice();
  EXPECT_EQ(given().size(), 1U) << "once";
}

TEST_F(TurnChangeTest, PicksToldAnewAreRemarksUntilTheyAreWhole) {
  talk_.say({"listo", "police y gang"});
  ASSERT_EQ(talk_.say("atras"), "who");
  talk_.sealed.clear();
  for (const char* pick : {"who:army", "who:gang"}) {
    talk_.tap(pick);
    EXPECT_TRUE(given().back().remark);
  }
  talk_.tap("who:_done");
  EXPECT_EQ(talk_.sealed, (Lines{"who=army ", "who=army gang ", "who=army gang "}));
  EXPECT_FALSE(given().back().remark);
}

TEST_F(TurnChangeTest, WhatARestartForgotOfPicksStandsUntilTheNewOnesAreWhole) {
  talk_.say("listo");
  talk_.tap("who:police");
  talk_.restart();
  talk_.say("hola");
  talk_.sealed.clear();
  talk_.tap("who:gang");
  EXPECT_TRUE(given().back().remark);
  talk_.tap("who:_done");
  EXPECT_EQ(talk_.sealed, (Lines{"who=gang ", "who=gang "}));
  EXPECT_FALSE(given().back().remark);
}

TEST_F(TurnChangeTest, AChangeNamesWhereTheConversationStands) {
  talk_.say("uno");
  talk_.act(Rewording{SecretText("otro")});
  ASSERT_EQ(given().size(), 1U);
  EXPECT_EQ(given()[0].kind, Kind::kCorrection);
  EXPECT_EQ(given()[0].node, "told");
  EXPECT_FALSE(given()[0].identity);
  talk_.act(TakenBack{});
  ASSERT_EQ(given().size(), 1U);
  EXPECT_EQ(given()[0].kind, Kind::kRetraction);
  EXPECT_EQ(given()[0].node, "") << "its message says all";
}

TEST_F(TurnChangeTest, AfterTheIdentityTheTestimonyIsToldOfAChangeWithoutItsWords) {
  talk_.say({"uno", "listo", "saltar", "saltar", "Ana"});
  talk_.act(Rewording{SecretText("CANARY")});
  ASSERT_EQ(given().size(), 2U);
  EXPECT_FALSE(given()[0].identity);
  EXPECT_EQ(given()[0].kind, Kind::kCorrection);
  EXPECT_TRUE(given()[0].text.empty());
  EXPECT_TRUE(given()[1].identity);
  EXPECT_EQ(given()[1].text.reveal(), "CANARY");
  talk_.act(TakenBack{});
  ASSERT_EQ(given().size(), 2U);
  EXPECT_NE(given()[0].identity, given()[1].identity);
  for (const Given& each : given()) EXPECT_EQ(each.kind, Kind::kRetraction);
}

// They wrote a number where a name is asked for, and went back: no answer is known of it.
TEST_F(TurnChangeTest, WhatWasOnceSealedAsIdentityIsNeverForgottenByTheStream) {
  talk_.say({"listo", "saltar", "saltar"});
  ASSERT_EQ(talk_.at(), "name");
  talk_.act(Pin{1, 2, SecretText("mi casa")});
  ASSERT_TRUE(given().back().identity);
  talk_.say("atras");
  talk_.restart();
  talk_.act(Rewording{SecretText("CANARY")});
  EXPECT_TRUE(given().back().identity);
}

}  // namespace
}  // namespace resguardo::dialogue
