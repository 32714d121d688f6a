// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/forms.h"

#include "proto/record.pb.h"
#include "tests/bot/dialogue/small_form.h"

namespace resguardo::dialogue {
namespace {

using State = pb::ConversationState;

std::shared_ptr<const Form> other_form() {
  static const std::shared_ptr<const Form> kForm = compiled(short_form_source() + "\n# later\n");
  return kForm;
}
State state_of(State::Phase phase, const Form& form) {
  State state;
  state.set_phase(phase);
  state.set_form_digest(form.digest().str());
  return state;
}

TEST(FormsTest, AReportGoesOnOnItsFormAndNobodyElseDoes) {
  const Forms forms(short_form(), {repeating_form(), other_form()});
  for (const auto phase : {State::PHASE_OPEN, State::PHASE_PAUSED, State::PHASE_CLOSED}) {
    EXPECT_EQ(forms.for_state(state_of(phase, *other_form())), other_form());
    EXPECT_EQ(forms.for_state(state_of(phase, *short_form())), short_form());
  }
  for (const auto phase : {State::PHASE_NEW, State::PHASE_BEFORE_CONSENT, State::PHASE_STRANGER}) {
    EXPECT_EQ(forms.for_state(state_of(phase, *other_form())), short_form());
  }
  EXPECT_EQ(Forms(short_form()).for_state(state_of(State::PHASE_OPEN, *other_form())),
            short_form());
  EXPECT_EQ(forms.for_state(State{}), short_form());
}

// A report that began on the short form, while the server has only the other one.
class ForeignTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(other_form(), nullptr);
    Talk before{short_form()};
    before.consent();
    before.restart();
    state_ = before.step().state;
    talk_.step().state = state_;
  }
  Talk talk_{other_form()};
  State state_;
};

TEST_F(ForeignTest, WhatIsSaidIsKeptAndThePersonIsToldOnce) {
  EXPECT_EQ(talk_.say("me robaron"), "@waiting");
  EXPECT_EQ(talk_.sealed, std::vector<std::string>{"event_harm=me robaron"});
  EXPECT_TRUE(talk_.step().given[0].remark);
  EXPECT_TRUE(talk_.step().given[0].identity) << "nobody knows which stream it belongs to";
  EXPECT_EQ(talk_.step().effect, Effect::kContinue);
  EXPECT_EQ(talk_.say("saltar"), "(silence)");
  talk_.act(Pin{1, 2, SecretText("puente")});
  EXPECT_EQ(talk_.last_sealed(), "event_harm=puente");
  talk_.act(Rewording{SecretText("no robaron")});
  EXPECT_EQ(talk_.step().given.at(0).kind, Given::Kind::kCorrection);
  talk_.act(TakenBack{});
  EXPECT_EQ(talk_.step().given.at(0).kind, Given::Kind::kRetraction);
  talk_.tap("event_harm:robbery");
  EXPECT_TRUE(talk_.step().given.empty());
}

TEST_F(ForeignTest, TheStateIsWhatItWasWhenItsFormIsBack) {
  talk_.say("me robaron");
  talk_.restart();
  talk_.say("hay alguien?");
  State now = talk_.step().state;
  EXPECT_EQ(now.facts_size(), state_.facts_size());
  Talk back{short_form()};
  back.step().state = now;
  EXPECT_EQ(back.say("robo"), "event_authority");
  EXPECT_FALSE(back.step().state.form_missing_told());
}

TEST_F(ForeignTest, LeavingAndErasingWork) {
  talk_.settings.panic_words = {"limon"};
  for (const char* word : {"salir", "limon", "gracias por la receta"}) {
    talk_.step().state = state_;
    talk_.say(word);
    EXPECT_EQ(talk_.step().effect, Effect::kLeave) << word;
    EXPECT_EQ(talk_.step().given.size(), 1U);
  }
  talk_.step().state = state_;
  talk_.say("borrar");
  EXPECT_EQ(talk_.step().effect, Effect::kEraseReport);
}

TEST_F(ForeignTest, BeforeConsentItBeginsAnew) {
  Talk early{short_form()};
  early.say({"hola", "es"});
  talk_.step().state = early.step().state;
  EXPECT_EQ(talk_.say("si"), "start_language");
  EXPECT_EQ(talk_.step().state.form_digest(), other_form()->digest().str());
}

}  // namespace
}  // namespace resguardo::dialogue
