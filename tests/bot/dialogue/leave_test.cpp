// SPDX-License-Identifier: AGPL-3.0-or-later
// Who leaves is a stranger: docs/adr/081.
#include <gmock/gmock.h>

#include "bot/dialogue/step.h"
#include "proto/record.pb.h"
#include "tests/bot/dialogue/form_fixture.h"

namespace resguardo::dialogue {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using State = pb::ConversationState;

// The short form, with a question for a word of one's own.
std::shared_ptr<const Form> form_with_word() {
  static const std::shared_ptr<const Form> kForm = [] {
    std::string source(as_text(short_form()->source()));
    const auto put = [&](const std::string& before, const std::string& text) {
      const auto at = source.find(before);
      ASSERT_NE(at, std::string::npos) << before;
      source.insert(at, text);
    };
    put("  nodes {\n    id: \"event_harm\"", R"(  nodes {
    id: "resume_word"
    texts { language: "es" full: "Una palabra suya." }
    texts { language: "en" full: "A word of yours." }
    text {}
  }
)");
    put("  receipt: \"receipt\"", "  resume_word: \"resume_word\"\n");
    put("30\nlandmarks", "1");  // one question more than 30 replies: not what is tested here
    std::vector<FormProblem> problems;
    auto form = Form::compile(as_bytes(source), problems);
    for (const auto& each : problems) ADD_FAILURE() << each.where << ": " << each.what;
    return form.ok() ? form.value() : nullptr;
  }();
  return kForm;
}

class LeaveTest : public ::testing::Test {
 protected:
  LeaveTest() {
    settings_.cover_text = {{"es", "Hoy hay sol."}, {"en", "Sunny."}};
    settings_.word_tag = [](std::string_view word) {
      std::string tag(16, 'k');
      for (std::size_t i = 0; i < word.size(); ++i) tag[i % 16] ^= word[i];
      return tag;
    };
  }
  const Step& say(std::string_view text) { return act(Words{SecretText(text)}); }
  const Step& act(const Said& said) {
    now_ += std::chrono::seconds(3);
    Circumstances around(ChannelKind::kSignal, vanishes_);
    around.refuses_words = refuses_words_;
    step_ = advance(*form_, settings_, step_.state, awake_, around, said, now_);
    awake_ = true;
    return step_;
  }
  void restart() {
    step_.state = durable_part(*form_, step_.state);
    awake_ = false;
  }
  void consent(const char* phone = "solo yo") {
    for (const char* words : {"hola", "es", "si", phone, "A mí", "si", "entiendo", "sí a todo"})
      say(words);
    ASSERT_EQ(step_.effect, Effect::kBeginReport);
    step_.state.mutable_progress()->set_report_id("sixteen bytes id");
  }
  void walk_to(const char* wanted) {
    for (int i = 0; i < 30 && node() != wanted; ++i) step_on();
    ASSERT_EQ(node(), wanted);
  }
  void step_on() { say(step_.prompt->text.find("SALTAR") == std::string::npos ? "1" : "saltar"); }
  bool state_is(State::Phase phase) const { return step_.state.phase() == phase; }
  std::string node() const { return step_.prompt ? step_.prompt->node : "silence"; }

  std::shared_ptr<const Form> form_ = form_with_word();
  Settings settings_;
  Step step_;
  bool awake_ = true;
  std::optional<bool> vanishes_;
  bool refuses_words_ = false;
  TimePoint now_{std::chrono::milliseconds(1'795'000'000'000)};
};

TEST_F(LeaveTest, OnlyTheWordLeadsBackAndSafetyComesFirst) {
  consent();
  ASSERT_NO_FATAL_FAILURE(walk_to("resume_word"));
  say("Girasol azul");
  const std::string stood_at = node();
  EXPECT_NE(stood_at, "resume_word");
  say("salir");
  EXPECT_EQ(step_.effect, Effect::kLeave);
  EXPECT_EQ(step_.prompt->text, "Hoy hay sol.");
  for (const char* guess : {"hola", "es", "girasol", "seguir", "1", "salir", "borrar", "hola"}) {
    say(guess);
    EXPECT_TRUE(step_.given.empty()) << guess;
    EXPECT_EQ(step_.state.progress().report_id(), "") << guess;
    EXPECT_NE(node(), stood_at) << guess;
    EXPECT_GT(durable_part(*form_, step_.state).ByteSizeLong(), 0U) << guess;
  }
  say("¡GIRASOL, azul!");
  EXPECT_EQ(node(), "safety_now");
  EXPECT_EQ(step_.effect, Effect::kContinue);
  EXPECT_EQ(step_.state.progress().report_id(), "sixteen bytes id");
  ASSERT_EQ(step_.given.size(), 1U);
  EXPECT_EQ(step_.given[0].event, static_cast<std::uint32_t>(pb::EVENT_RESUMED));
  say("si");
  EXPECT_EQ(step_.state.phase(), State::PHASE_OPEN);
  EXPECT_FALSE(step_.state.has_left());
}

TEST_F(LeaveTest, TheWordIsNowhere) {
  consent();
  ASSERT_NO_FATAL_FAILURE(walk_to("resume_word"));
  say("Girasol azul");
  EXPECT_TRUE(step_.given.empty());
  EXPECT_THAT(step_.state.DebugString(), Not(HasSubstr("irasol")));
  say("salir");
  EXPECT_THAT(step_.state.DebugString(), Not(HasSubstr("irasol")));
}

TEST_F(LeaveTest, AWordThatAnybodyTriesIsNone) {
  settings_.start_words = {"frontera"};
  settings_.resume_words = {"limonero"};
  say("frontera");
  for (const char* words : {"es", "si", "solo yo", "A mí", "si", "entiendo", "sí a todo"})
    say(words);
  ASSERT_NO_FATAL_FAILURE(walk_to("resume_word"));
  for (const char* word : {"sí", "no", "ok", "ab", "Frontera", "limonero", "💙"}) {
    say(word);
    EXPECT_EQ(node(), "resume_word") << word;
    EXPECT_TRUE(step_.state.resume_tag().empty()) << word;
  }
}

// Row names are nobody's word, and a new beginning costs no try.
TEST_F(LeaveTest, OnlyWhatCouldBeAWordIsATry) {
  consent();
  ASSERT_NO_FATAL_FAILURE(walk_to("resume_word"));
  say("A mí");
  EXPECT_EQ(node(), "resume_word");
  for (const char* word : {"girasol", "salir"}) say(word);
  for (const char* word : {"hola", "es", "sí", "1", "A mí", "ayuda", "salir", "hola"}) {
    say(word);
    EXPECT_FALSE(step_.wrong_word) << word;
  }
  say("margarita");
  EXPECT_TRUE(step_.wrong_word);
  const std::string at = node();
  refuses_words_ = true;
  say("girasol");
  EXPECT_EQ(node(), at) << "like a wrong one";
  EXPECT_TRUE(step_.state.has_left());
  EXPECT_FALSE(step_.wrong_word);
  refuses_words_ = false;
  say("girasol");
  EXPECT_EQ(node(), "safety_now");
}

TEST_F(LeaveTest, WithoutAWordOfOnesOwnTheCardsLeadsBackAlsoAfterARestart) {
  settings_.resume_words = {"limonero"};
  consent();
  say("salir");
  restart();
  say("hola");
  EXPECT_EQ(node(), "start_language");
  restart();
  say("Limonero.");
  EXPECT_EQ(node(), "safety_now");
  EXPECT_EQ(step_.state.progress().report_id(), "sixteen bytes id");
}

TEST_F(LeaveTest, OnesOwnWordTakesTheCardsAway) {
  settings_.resume_words = {"limonero"};
  consent();
  ASSERT_NO_FATAL_FAILURE(walk_to("resume_word"));
  say("girasol");
  say("salir");
  say("limonero");
  EXPECT_EQ(node(), "start_language");
}

TEST_F(LeaveTest, WithNoWordAtAllThereIsNoWayBack) {
  consent();
  say("salir");
  for (const char* guess : {"", "limonero", "hola"}) {
    say(guess);
    EXPECT_TRUE(step_.given.empty()) << guess;
  }
  EXPECT_EQ(node(), "start_language");
}

TEST_F(LeaveTest, ANewReportGivesTheOldPlaceUp) {
  settings_.resume_words = {"limonero"};
  consent();
  say("salir");
  for (const char* words : {"hola", "es", "si", "solo yo", "A mí", "si", "entiendo", "sí a todo"})
    say(words);
  EXPECT_EQ(step_.effect, Effect::kBeginReport);
  EXPECT_FALSE(step_.state.has_left());
  EXPECT_EQ(step_.state.progress().report_id(), "");
}

TEST_F(LeaveTest, SilenceAsksForSafetyThenOffersToGoOnAndSaysNothingOfWhat) {
  consent();
  const std::string stood_at = node();
  const std::string question = step_.prompt->text;
  now_ += std::chrono::minutes(31);
  say("hola");
  EXPECT_EQ(node(), "safety_now");
  say("si");
  EXPECT_THAT(step_.prompt->text, HasSubstr("Tiene algo sin terminar"));
  EXPECT_THAT(step_.prompt->text, Not(HasSubstr(question.substr(0, 20))));
  say("tal vez");
  EXPECT_THAT(step_.prompt->text, HasSubstr("Tiene algo sin terminar"));
  EXPECT_TRUE(step_.given.back().remark);
  say("sí, seguir");
  EXPECT_EQ(node(), stood_at);
}

// Help was asked for: it comes, and the offer with it.
TEST_F(LeaveTest, WhatIsAskedBeforeGoingOnIsAnsweredAndOnlyAYesGoesOn) {
  settings_.media = true;
  consent();
  ASSERT_NO_FATAL_FAILURE(walk_to("story"));
  say("Fue de noche");
  now_ += std::chrono::minutes(31);
  say("hola");
  say("si");
  const auto offers = [&](const char* what) {
    EXPECT_THAT(step_.prompt->text, HasSubstr("sin terminar")) << what;
    EXPECT_EQ(step_.state.interlude(), pb::INTERLUDE_UNFINISHED) << what;
  };
  say("ayuda");
  offers("help");
  EXPECT_THAT(step_.prompt->text, HasSubstr("Cruz Roja"));
  say("menu");
  offers("menu");
  EXPECT_THAT(step_.prompt->text, HasSubstr("PORQUE"));
  for (const char* word : {"porque", "listo", "saltar", "atras"}) {
    say(word);
    offers(word);
  }
  Attachment note;
  note.voice = true;
  act(std::move(note));
  offers("voice");
  EXPECT_EQ(step_.given.back().part, 1U);
  say("listo");
  offers("done after voice");
  for (const char* word : {"idioma", "en"}) say(word);
  EXPECT_THAT(step_.prompt->text, HasSubstr("something unfinished"));
  for (const char* word : {"language", "back"}) say(word);
  EXPECT_THAT(step_.prompt->text, HasSubstr("something unfinished"));
  say("yes");
  EXPECT_EQ(node(), "story");
  EXPECT_EQ(step_.state.interlude(), pb::INTERLUDE_NONE);
}

TEST_F(LeaveTest, HelpIsShownAlsoWhereTheReviewAsksWhatToChange) {
  consent();
  ASSERT_NO_FATAL_FAILURE(walk_to("review"));
  say("cambiar algo");
  ASSERT_EQ(step_.state.interlude(), pb::INTERLUDE_CHANGE);
  const std::string which = step_.prompt->text;
  say("ayuda");
  EXPECT_THAT(step_.prompt->text, HasSubstr("Cruz Roja"));
  EXPECT_THAT(step_.prompt->text, HasSubstr(which));
  EXPECT_EQ(step_.state.interlude(), pb::INTERLUDE_CHANGE);
}

TEST_F(LeaveTest, WhoDoesNotWantToGoOnRests) {
  consent();
  now_ += std::chrono::minutes(31);
  say("hola");
  say("si");
  say("no");
  EXPECT_EQ(step_.state.phase(), State::PHASE_PAUSED);
}

TEST_F(LeaveTest, OnASharedPhoneSilenceIsLeavingIfThereIsAWord) {
  settings_.resume_words = {"limonero"};
  consent("sí, lo comparto");
  now_ += std::chrono::minutes(31);
  say("hola");
  EXPECT_EQ(node(), "start_language");
  say("limonero");
  EXPECT_EQ(node(), "safety_now");
  EXPECT_EQ(step_.state.progress().report_id(), "sixteen bytes id");
}

TEST_F(LeaveTest, OnASharedPhoneWithoutAnyWordSilenceAsksForSafety) {
  consent("sí, lo comparto");
  now_ += std::chrono::minutes(31);
  say("hola");
  EXPECT_EQ(node(), "safety_now");
}

// The receipt must not stay on the phone, whichever word is written; the report is whole, and
// stays.
TEST_F(LeaveTest, AfterTheReceiptEachWordTakesEverythingBack) {
  for (const char* word : {"salir", "borrar"}) {
    for (const bool last_words_too : {false, true}) {
      consent();
      walk_to("review");
      say("1");
      ASSERT_EQ(step_.effect, Effect::kCloseReport);
      for (int i = 0; last_words_too && i < 5; ++i) {
        if (step_.effect != Effect::kForget) say("ok");
      }
      EXPECT_EQ(state_is(State::PHASE_NEW), last_words_too);
      say(word);
      EXPECT_EQ(step_.prompt->text, "Hoy hay sol.") << word;
      EXPECT_EQ(step_.take_back, TakeBack::kEverything) << word;
      EXPECT_EQ(step_.effect, Effect::kForget);
      step_ = {};
    }
  }
}

TEST_F(LeaveTest, SilenceOnASharedPhoneTakesTheLastQuestionBack) {
  settings_.resume_words = {"limonero"};
  consent("sí, lo comparto");
  now_ += std::chrono::minutes(31);
  say("hola");
  EXPECT_EQ(step_.take_back, TakeBack::kEverything);
}

TEST_F(LeaveTest, APauseOnASharedPhoneSaysOnlyGoodbyeAndTheWayOutIsStillSealed) {
  settings_.resume_words = {"limonero"};
  consent("sí, lo comparto");
  say("pausa");
  EXPECT_EQ(step_.prompt->text, "Listo. Hasta luego.");
  say("salir");
  EXPECT_EQ(step_.prompt->text, "Hoy hay sol.");
  EXPECT_EQ(step_.effect, Effect::kLeave);
  ASSERT_EQ(step_.given.size(), 1U);
  EXPECT_EQ(step_.given[0].event, static_cast<std::uint32_t>(pb::EVENT_EXIT));
  say("limonero");
  EXPECT_EQ(node(), "safety_now");
}

TEST_F(LeaveTest, WhoLeftAtTheSafetyCheckIsNotAskedWhetherToGoOn) {
  settings_.resume_words = {"limonero"};
  consent();
  const std::string stood_at = node();
  now_ += std::chrono::minutes(31);
  for (const char* words : {"hola", "salir", "limonero"}) say(words);
  EXPECT_EQ(node(), "safety_now");
  say("si");
  EXPECT_EQ(node(), stood_at);
  EXPECT_THAT(step_.prompt->text, Not(HasSubstr("sin terminar")));
}

// Codes that were not for the disk are gone after a restart, also where a pause or a silence came
// with it: what they decide would never be asked.
TEST_F(LeaveTest, WhatFadedIsAskedAgainAfterAPauseOrASilenceAndARestart) {
  for (const char* way : {"pausa", "silence", "pausa and pausa"}) {
    step_ = {};
    awake_ = true;
    consent();
    ASSERT_NO_FATAL_FAILURE(walk_to("event_harm")) << way;
    step_on();
    const std::string due = node();
    ASSERT_NE(due, "event_harm");
    if (way[0] == 'p') say("pausa");
    restart();
    now_ += std::chrono::minutes(31);
    if (std::string_view(way).ends_with("and pausa")) say("pausa");
    say("hola");
    ASSERT_EQ(node(), "safety_now") << way;
    say("si");
    if (node() != "event_harm") say("si");  // "do you want to go on?"
    EXPECT_EQ(node(), "event_harm") << way;
  }
}

TEST_F(LeaveTest, WordsAfterARestartAreSealedWithTheQuestionThatTheyWereWrittenTo) {
  consent();
  ASSERT_NO_FATAL_FAILURE(walk_to("event_harm"));
  step_on();
  const std::string due = node();
  restart();
  say("esto va con lo que me preguntó");
  EXPECT_EQ(node(), "event_harm");
  ASSERT_EQ(step_.given.size(), 2U);  // that they are back, and what they said
  EXPECT_EQ(step_.given[1].node, due);
  EXPECT_TRUE(step_.given[1].remark);
}

TEST_F(LeaveTest, WhatFadedFurtherOnIsAskedWhenItsTurnComes) {
  consent();
  ASSERT_NO_FATAL_FAILURE(walk_to("event_harm"));
  step_on();
  say("atras");
  ASSERT_EQ(node(), "event_harm");
  say("atras");
  const std::string due = node();
  ASSERT_NE(due, "event_harm");
  restart();
  say("hola");
  EXPECT_EQ(node(), due);
}

TEST_F(LeaveTest, WhoLeavesByASilenceAndARestartSealsNothing) {
  settings_.resume_words = {"limonero"};
  consent("sí, lo comparto");
  restart();
  now_ += std::chrono::minutes(31);
  say("hola");
  EXPECT_EQ(node(), "start_language");
  EXPECT_TRUE(step_.given.empty());
}

TEST_F(LeaveTest, AStoryThatWasNotDoneIsDueAgain) {
  settings_.resume_words = {"limonero"};
  consent();
  ASSERT_NO_FATAL_FAILURE(walk_to("story"));
  for (const char* words : {"Fue de noche", "Eran cuatro", "salir", "limonero", "si"}) say(words);
  ASSERT_NO_FATAL_FAILURE(walk_to("story"));  // after what decides what is asked
  say("No vi más");
  ASSERT_EQ(step_.given.size(), 1U);
  EXPECT_EQ(step_.given[0].part, 2U);
}

TEST_F(LeaveTest, IsToldOnceThatMessagesStayBeforeTheFirstSensitiveQuestion) {
  vanishes_ = false;
  consent();
  int told = 0;
  for (int i = 0; i < 20 && node() != "review"; ++i) {
    if (step_.prompt->text.find("no se borran solos") != std::string::npos) ++told;
    step_on();
  }
  EXPECT_EQ(told, 1);
}

TEST_F(LeaveTest, IsToldNothingWhileMessagesVanishAndAgainOnceTheyDoNot) {
  vanishes_ = true;
  consent();
  const auto warned = [&] {
    return step_.prompt->text.find("no se borran solos") != std::string::npos;
  };
  ASSERT_NO_FATAL_FAILURE(walk_to("event_harm"));
  EXPECT_FALSE(warned());
  vanishes_ = false;
  say("1");  // to the next question
  say("atras");
  EXPECT_TRUE(warned());
}

}  // namespace
}  // namespace resguardo::dialogue
