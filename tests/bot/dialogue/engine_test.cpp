// SPDX-License-Identifier: AGPL-3.0-or-later
// What transcripts cannot see: states, streams and the details of what is sealed.
#include "bot/dialogue/step.h"

#include "proto/record.pb.h"
#include "tests/bot/dialogue/form_fixture.h"

namespace resguardo::dialogue {
namespace {

using State = pb::ConversationState;

class EngineTest : public ::testing::Test {
 protected:
  const Step& say(std::string_view text) { return act(Words{SecretText(text)}); }
  const Step& act(const Said& said) {
    now_ += std::chrono::seconds(3);
    step_ =
        advance(*short_form(), settings_, step_.state, awake_, ChannelKind::kSignal, said, now_);
    awake_ = true;
    return step_;
  }
  void restart() {
    step_.state = durable_part(*short_form(), step_.state);
    awake_ = false;
  }
  void consent(const char* purposes = "sí a todo") {
    for (const char* words : {"hola", "es", "si", "solo yo", "A mí", "si", "entiendo"}) say(words);
    say(purposes);
  }
  void to_the_contact() {
    consent();
    say("nunca");
    for (int i = 0; i < 10; ++i) say("saltar");
    say("signal");
    ASSERT_EQ(step_.prompt->node, "contact_value");
  }
  // Words were sealed, and none of them in the stream of the testimony.
  void expect_identity() {
    std::size_t told = 0;
    for (const Given& given : step_.given) {
      if (given.kind != Given::Kind::kAnswer) continue;
      ++told;
      EXPECT_TRUE(given.identity) << given.node;
    }
    EXPECT_GT(told, 0U);
  }
  const Given& last_given() { return step_.given.back(); }

  Settings settings_;
  Step step_;
  bool awake_ = true;
  TimePoint now_{std::chrono::milliseconds(1'795'000'000'000)};
};

TEST_F(EngineTest, ConsentSealsWhatWasHeldInOrder) {
  consent();
  EXPECT_EQ(step_.effect, Effect::kBeginReport);
  std::vector<std::string> nodes;
  for (const auto& given : step_.given) nodes.push_back(given.node);
  EXPECT_EQ(nodes, (std::vector<std::string>{"start_language", "safety_now", "safety_phone", "role",
                                             "age_check", "consent_intro", "consent"}));
  EXPECT_EQ(step_.given[3].codes, std::vector<std::string>{"self"});
  EXPECT_EQ(step_.given[3].raw.reveal(), "A mí");
  EXPECT_EQ(step_.given[3].language, "es");
  EXPECT_EQ(step_.state.held_size(), 0);
}

TEST_F(EngineTest, ConsentNamesTheTextThatWasShown) {
  consent("1 y 3");
  EXPECT_EQ(last_given().codes, (std::vector<std::string>{"research", "accountability"}));
  EXPECT_EQ(last_given().text_version.size(), 64U);
  const std::string spanish = last_given().text_version;
  step_ = {};
  for (const char* words : {"hi", "en", "yes", "no", "to me", "adult", "ok", "1"}) say(words);
  EXPECT_NE(last_given().text_version, spanish);
}

TEST_F(EngineTest, OnlyTheLastAnswerBeforeConsentIsHeld) {
  for (const char* words : {"hola", "es", "si", "solo yo", "yo lo vi", "atras", "a mi"}) say(words);
  int roles = 0;
  for (const auto& held : step_.state.held()) {
    if (held.node() != "role") continue;
    ++roles;
    EXPECT_EQ(held.codes(0), "self");
  }
  EXPECT_EQ(roles, 1);
}

TEST_F(EngineTest, WhatIsSaidWhereAContactIsAskedForIsIdentityWhateverElseIsAskedMeanwhile) {
  to_the_contact();
  const State at = step_.state;
  restart();
  say("Me llamo Juan, 555-1234");  // answered with a question whose code was not kept
  expect_identity();
  step_.state = at;
  awake_ = true;
  now_ += std::chrono::minutes(40);
  say("hola");
  say("mi numero es 555");
  expect_identity();
  step_.state = at;
  say("idioma");
  say("soy Juan 555");
  expect_identity();
}

TEST_F(EngineTest, IdentityGoesToItsOwnStreamAndSoDoEditsAfterIt) {
  consent();
  say("nunca");
  act(Rewording{SecretText("x")});
  EXPECT_FALSE(last_given().identity);
  for (int i = 0; i < 10; ++i) say("saltar");
  ASSERT_EQ(step_.prompt->node, "contact_how");
  say("signal");
  EXPECT_TRUE(last_given().identity);
  say("usuario.42");
  EXPECT_TRUE(last_given().identity);
  EXPECT_EQ(last_given().text.reveal(), "usuario.42");
  act(Rewording{SecretText("usuario.43")});
  EXPECT_EQ(last_given().kind, Given::Kind::kCorrection);
  EXPECT_TRUE(last_given().identity) << "an edit of a contact must not lie beside the testimony";
}

TEST_F(EngineTest, ExitPanicAndDuressDifferOnlyInsideTheSeal) {
  settings_.panic_words = {"limon"};
  consent();
  const State at = step_.state;
  std::vector<std::uint32_t> events;
  std::vector<std::string> rest;
  for (const char* word : {"salir", "limon", "gracias por la receta"}) {
    step_.state = at;
    now_ = TimePoint(std::chrono::milliseconds(1'795'000'100'000));
    say(word);
    ASSERT_EQ(step_.given.size(), 1U);
    const auto& given = last_given();
    events.push_back(given.event);
    rest.push_back(given.node + '/' + given.event_detail + '/' + step_.prompt->text + '/' +
                   std::to_string(static_cast<int>(step_.effect)) + '/' +
                   step_.state.SerializeAsString());
  }
  EXPECT_EQ(events,
            (std::vector<std::uint32_t>{pb::EVENT_EXIT, pb::EVENT_PANIC, pb::EVENT_DURESS}));
  EXPECT_EQ(rest[0], rest[1]);
  EXPECT_EQ(rest[0], rest[2]);
}

TEST_F(EngineTest, WordsSurviveExactly) {
  consent();
  say("nunca");
  for (int i = 0; i < 5; ++i) say("saltar");
  ASSERT_EQ(step_.prompt->node, "story");
  const std::string story("  línea 1\r\nlínea 2\t😀 \0fin ", 32);
  say(story);
  EXPECT_EQ(last_given().text.reveal(), story);
  EXPECT_EQ(last_given().part, 0U);
  say("otra");
  EXPECT_EQ(last_given().part, 1U);
}

TEST_F(EngineTest, TheDurablePartHoldsNoWordsAndNoHeldAnswers) {
  consent();
  say("robo CANARY");
  say("robo");
  const auto durable = durable_part(*short_form(), step_.state);
  EXPECT_EQ(durable.SerializeAsString().find("CANARY"), std::string::npos);
  for (const auto& fact : durable.facts()) {
    if (fact.node() == "event_harm") {
      EXPECT_TRUE(fact.faded());
      EXPECT_EQ(fact.codes_size(), 0);
    }
    if (fact.node() == "role") {
      EXPECT_EQ(fact.codes(0), "self");
    }
  }
}

TEST_F(EngineTest, AQuestionThatDecidesWhatFollowsIsAskedAgainAfterARestart) {
  consent();
  say("nunca");
  say("robo");
  ASSERT_EQ(step_.prompt->node, "event_authority");
  restart();
  act(Hello{});
  EXPECT_EQ(step_.prompt->node, "event_authority");
  restart();
  say("hola");
  EXPECT_EQ(step_.prompt->node, "event_harm");
  say("robo");
  EXPECT_EQ(step_.prompt->node, "event_authority");
}

TEST_F(EngineTest, HelloNeitherSealsNorCountsAsASignOfLife) {
  consent();
  const State before = step_.state;
  act(Hello{});
  EXPECT_TRUE(step_.given.empty());
  EXPECT_EQ(step_.effect, Effect::kNone);
  EXPECT_EQ(step_.state.last_said_ms(), before.last_said_ms());
  step_ = {};
  act(Hello{});
  EXPECT_FALSE(step_.prompt.has_value()) << "never starts a conversation";
}

TEST_F(EngineTest, NamesTheOwedPrompt) {
  consent();
  EXPECT_EQ(step_.state.owed_node(), "consent_identity");
  EXPECT_FALSE(step_.state.owed_accepted());
  step_.state.set_owed_accepted(true);
  act(TakenBack{});
  EXPECT_TRUE(step_.state.owed_accepted());
  say("nunca");
  EXPECT_EQ(step_.state.owed_node(), "event_harm");
  EXPECT_FALSE(step_.state.owed_accepted());
}

TEST_F(EngineTest, KeepsIntakesProgressUntilANewConversation) {
  consent();
  step_.state.mutable_progress()->set_rows(7);
  say("robo");
  EXPECT_EQ(step_.state.progress().rows(), 7U);
  say("salir");
  EXPECT_EQ(step_.effect, Effect::kLeave);
  EXPECT_EQ(step_.state.progress().rows(), 7U);
  say("hola");
  EXPECT_FALSE(step_.state.has_progress());
}

TEST_F(EngineTest, APinIsSealedWithItsQuestion) {
  consent();
  act(Pin{31.75, -106.5, SecretText("puente")});
  ASSERT_TRUE(last_given().point.has_value());
  EXPECT_EQ(last_given().node, "consent_identity");
  EXPECT_EQ(last_given().point->latitude, 31.75);
  EXPECT_EQ(last_given().text.reveal(), "puente");
}

TEST_F(EngineTest, AnyStateGivesAStep) {
  for (int phase = -1; phase < 9; ++phase) {
    for (const char* cursor : {"", "nowhere", "story", "m_later", "receipt", "m_health"}) {
      for (int interlude = 0; interlude < 6; ++interlude) {
        State state;
        state.set_phase(static_cast<State::Phase>(phase));
        state.set_cursor(cursor);
        state.set_interlude(static_cast<pb::Interlude>(interlude));
        state.set_language(phase % 2 == 0 ? "es" : "xx");
        state.set_mode(77);
        state.add_picks("no such pick");
        state.add_facts()->set_node("nowhere");
        state.add_facts()->set_node("consent");
        for (const bool awake : {false, true}) {
          for (const char* words :
               {"hola", "1", "saltar", "atras", "listo", "x", "idioma", "ayuda"}) {
            awake_ = awake;
            step_.state = state;
            say(words);
            if (step_.prompt) {
              EXPECT_FALSE(step_.prompt->text.empty());
            }
          }
          step_.state = state;
          act(Tap{"story:_skip"});
          step_.state = state;
          act(Hello{});
        }
      }
    }
  }
}

}  // namespace
}  // namespace resguardo::dialogue
