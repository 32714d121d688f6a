// SPDX-License-Identifier: AGPL-3.0-or-later
// What is sealed of answers that are not whole, that fell, or that were read in other words.
#include <gtest/gtest.h>

#include "bot/dialogue/compiled.h"
#include "tests/bot/dialogue/small_form.h"
#include "tests/bot/dialogue/whole_form.h"

namespace resguardo::dialogue {
namespace {

using Lines = std::vector<std::string>;

// At the first question of what happened, nothing sealed yet.
struct Told : Talk {
  Told() : Talk(repeating_form()) {
    EXPECT_EQ(consent(), "harm");
    sealed.clear();
  }
  const pb::Fact* fact(std::string_view node) {
    for (const auto& each : step().state.facts()) {
      if (each.node() == node) return &each;
    }
    return nullptr;
  }
};

TEST(PicksTest, EachIsSealedAsItComesAndTheLastIsTheWhole) {
  Told talk;
  talk.say("1");
  talk.sealed.clear();
  ASSERT_EQ(talk.at(), "who");
  talk.tap("who.0:police");
  EXPECT_EQ(talk.sealed, Lines{"who[0]=police "});
  talk.tap("who.0:gang");
  EXPECT_EQ(talk.last_sealed(), "who[0]=police gang ");
  EXPECT_EQ(talk.at(), "who") << "there may be more";
  talk.tap("who.0:_done");
  EXPECT_EQ(talk.sealed, (Lines{"who[0]=police ", "who[0]=police gang "})) << "no row more";
  EXPECT_EQ(talk.at(), "doer_count");
}

TEST(PicksTest, WhoseProcessEndedIsAskedAgain) {
  Told talk;
  talk.say("1");
  talk.tap("who.0:police");
  talk.restart();
  EXPECT_EQ(talk.say({"hola", "1"}), "who");
  EXPECT_EQ(talk.say("gang y army"), "doer_count");
  EXPECT_EQ(talk.last_sealed(), "who[0]=gang army ");
}

TEST(PicksTest, OtherPicksTakeBackWhatWasToldOfTheFirst) {
  Told talk;
  talk.say({"1", "police y gang", "several", "a note"});
  ASSERT_EQ(talk.say({"atras", "atras", "atras"}), "who");
  talk.sealed.clear();
  talk.tap("who.0:gang");
  EXPECT_EQ(talk.sealed, Lines{"who[0]=gang "}) << "it is not whole yet";
  talk.tap("who.0:_done");
  EXPECT_EQ(talk.sealed, (Lines{"who[0]=gang ", "doer_count[0,0]=taken back",
                                "doer_note[0,0]=taken back", "who[0]=gang "}));
}

TEST(PicksTest, TheSamePicksAgainTakeNothingBack) {
  Told talk;
  talk.say({"1", "police y gang", "several", "a note"});
  ASSERT_EQ(talk.say({"atras", "atras", "atras"}), "who");
  talk.sealed.clear();
  for (const char* id : {"who.0:police", "who.0:gang", "who.0:_done"}) talk.tap(id);
  EXPECT_EQ(talk.sealed, (Lines{"who[0]=police ", "who[0]=police gang ", "who[0]=police gang "}));
}

TEST(PicksTest, AnotherLanguageInBetweenLosesNone) {
  Told talk;
  talk.say("1");
  talk.tap("who.0:police");
  ASSERT_EQ(talk.say({"idioma", "en"}), "who");
  talk.tap("who.0:gang");
  EXPECT_EQ(talk.last_sealed(), "who[0]=police gang ");
}

TEST(PicksTest, NothingOfTheConsentIsSealedBeforeItIsWhole) {
  Talk talk(repeating_form());
  talk.say({"hola", "es", "si", "solo yo", "A mí", "si", "entiendo"});
  talk.tap("consent:research");
  EXPECT_TRUE(talk.sealed.empty());
  for (const auto& held : talk.step().state.held()) EXPECT_NE(held.node(), "consent");
}

TEST(FallenTest, WhatFellAfterConsentIsTakenBack) {
  Told talk;
  talk.say({"1 y 2", "police y gang", "several", "a note", "one"});
  talk.sealed.clear();
  talk.say({"atras", "atras", "atras", "atras"});
  ASSERT_EQ(talk.at(), "who");
  talk.say("gang");
  EXPECT_EQ(talk.sealed, (Lines{"doer_count[0,0]=taken back", "doer_note[0,0]=taken back",
                                "doer_count[0,1]=taken back", "who[0]=gang "}))
      << "what was told of the police is nothing that the gang did";
}

TEST(FallenTest, AQuestionThatWasOnlyShownIsNotTakenBack) {
  Told talk;
  talk.say("1 y 2");
  talk.say("skip");
  talk.sealed.clear();
  ASSERT_EQ(talk.say({"atras", "atras"}), "harm");
  talk.say("robbery");
  EXPECT_EQ(talk.sealed, Lines{"harm[0]=robbery "});
}

// The consent is worth the words that were read.
TEST(ConsentTest, NamesTheWordsThatWereShownAlsoInDiscreetMode) {
  const auto& content = whole_form()->content();
  const CompiledNode& consent = content.nodes[content.consent_node];
  const auto agreed_to = [&](const char* phone, bool typed) {
    Talk talk(whole_form());
    talk.channel = ChannelKind::kSignal;
    talk.say({"hello", "english", phone, "to me", "2"});
    if (typed) talk.say("discreet");
    EXPECT_EQ(talk.at(), "consent");
    const bool brief = talk.text().find(consent.texts[1].brief) != std::string::npos;
    EXPECT_EQ(brief, typed || phone == std::string_view("I share it"));
    talk.say("yes to all");
    for (const auto& given : talk.step().given) {
      if (given.node == "consent") return given.text_version;
    }
    return std::string();
  };
  EXPECT_EQ(agreed_to("my phone", false), consent.text_versions[1]);
  EXPECT_EQ(agreed_to("I share it", false), consent.brief_versions[1]);
  EXPECT_EQ(agreed_to("my phone", true), consent.brief_versions[1]);
  EXPECT_NE(consent.text_versions[1], consent.brief_versions[1]);
}

TEST(LateTapTest, ATapOnAListOfBeforeIsSealedThereAndMovesNothing) {
  Told talk;
  talk.say("1");
  ASSERT_EQ(talk.say("police"), "doer_count");
  talk.sealed.clear();
  EXPECT_EQ(talk.tap("who.0:army"), "doer_count");
  EXPECT_EQ(talk.sealed, Lines{"who[0]=army "});
  EXPECT_TRUE(talk.step().given.front().remark);
  talk.sealed.clear();
  talk.tap("who.0:nobody_offered");
  EXPECT_TRUE(talk.sealed.empty());
}

TEST(LateTapTest, BesideAnotherLanguageItIsSealedToo) {
  Told talk;
  talk.say({"1", "police", "idioma"});
  talk.sealed.clear();
  talk.tap("doer_count.0.0:one");
  EXPECT_EQ(talk.sealed, Lines{"doer_count[0,0]=one "});
}

}  // namespace
}  // namespace resguardo::dialogue
