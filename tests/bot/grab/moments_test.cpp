// SPDX-License-Identifier: AGPL-3.0-or-later
// The phone is grabbed while something else than a plain question is on it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/bot/grab/theft.h"

namespace resguardo::testing_support {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr std::chrono::minutes kSilence{31};
constexpr const char* kWho = "4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f301";

Moment saying(const char* name, const char* node, std::vector<std::string> words) {
  return {name, [node, words](Reporter& reporter, const Answers& answers) {
            reporter.come_to(node, answers);
            for (const std::string& each : words) reporter.say(each);
          }};
}

// Words that were sent while the messenger did not take our answers.
Moment unanswered() {
  return {"several_messages_unanswered", [](Reporter& reporter, const Answers& answers) {
            reporter.come_to("event_what", answers);
            reporter.say("modo preguntas");
            reporter.come_to("story", answers);
            reporter.say("Fue de noche");
            reporter.world().messenger_takes(false);
            reporter.say("Eran cuatro");
            reporter.say("No vi más");
            reporter.world().messenger_takes(true);
          }};
}
Moment after_silence(const char* name, std::vector<std::string> words) {
  return {name, [words](Reporter& reporter, const Answers& answers) {
            reporter.come_to("place_country", answers);
            reporter.wait(kSilence);
            for (const std::string& each : words) reporter.say(each);
          }};
}
Moment voice_note() {
  return {"voice_note_at_a_choice", [](Reporter& reporter, const Answers& answers) {
            reporter.come_to("place_country", answers);
            dialogue::Attachment voice;
            voice.voice = true;
            reporter.act(std::move(voice));
          }};
}

TEST(MomentsTest, OnAPhoneOfOnesOwn) {
  rob({"es", false}, settings_of_thefts(),
      {after_silence("safety_check", {"hola"}), after_silence("unfinished", {"hola", "1"}),
       saying("language_choice", "place_country", {"idioma"}),
       saying("another_language", "place_country", {"english"}),
       saying("another_depth", "place_country", {"modo voz"}),
       saying("second_page", "place_city", {"8"}), saying("paused", "place_country", {"pausa"}),
       saying("help", "place_country", {"ayuda"}), saying("why", "place_country", {"por que"}),
       saying("not_understood", "place_country", {"mmm", "nnn", "ooo"}),
       saying("back", "place_country", {"atras"}), saying("what_to_change", "review", {"2"}),
       unanswered(), voice_note()});
}

TEST(MomentsTest, OnASharedPhone) {
  rob({"es", true}, settings_of_thefts(),
      {saying("language_choice", "place_country", {"idioma"}),
       saying("another_depth", "place_country", {"modo voz"}),
       saying("second_page", "place_city", {"8"}),
       saying("common_word", "resume_word", {"hola", "si"}),
       saying("what_to_change", "review", {"2"}), unanswered()});
}

class SilenceTest : public ::testing::Test {
 protected:
  explicit SilenceTest(Manner manner = {"es", true})
      : answers_(quick_answers(manner)), world_(options()), reporter_(world_, settings_, kWho) {
    settings_.word_tag = [](std::string_view word) {
      return std::string(15, 'k') + std::to_string(word.size() % 10);
    };
  }
  WorldOptions options() {
    WorldOptions options;
    options.settings = settings_;
    options.compiled = whole_form();
    return options;
  }
  dialogue::Settings settings_ = settings_of_thefts();
  Answers answers_;
  World world_;
  Reporter reporter_;
};

// On a shared phone silence is leaving: whoever writes next is a stranger, and what was asked last
// is no longer there.
TEST_F(SilenceTest, ThirtyMinutesOnASharedPhone) {
  reporter_.come_to("perp_kind", answers_);
  EXPECT_THAT(world_.chat(kWho), SizeIs(1));
  reporter_.wait(kSilence);
  reporter_.say("hola");
  Reporter stranger(world_, settings_, "4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f302");
  stranger.say("hola");
  EXPECT_EQ(reporter_.heard(), stranger.heard());
  EXPECT_EQ(world_.chat(kWho), world_.chat(stranger.who()));
  for (const char* guess : {"1", "limonero", "borrar", "hola"}) {
    reporter_.say(guess);
    stranger.say(guess);
    EXPECT_EQ(reporter_.heard(), stranger.heard()) << guess;
  }
  EXPECT_THAT(world_.store().open_reports().value(), SizeIs(1)) << "a thief erased it";
  reporter_.say(kOwnWord);
  EXPECT_EQ(reporter_.node(), "safety_now");
  for (int i = 0; i < 60 && reporter_.told().fate != ToldReport::Fate::kClosed; ++i)
    reporter_.answer(answers_);
  const auto reports = world_.open(0);
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_EQ(lines_of(reports[0].testimony), reporter_.told().testimony);
}

// A pause too: nothing on the phone says that there is something to go back to, and what the person
// writes to get away is still sealed. Erasing needs the word: it could be anybody.
TEST_F(SilenceTest, APauseOnASharedPhone) {
  reporter_.come_to("perp_kind", answers_);
  for (const auto& [word, event] :
       {std::pair("salir", pb::EVENT_EXIT), std::pair("paraguas", pb::EVENT_PANIC),
        std::pair("GRACIAS POR LA RECETA", pb::EVENT_DURESS)}) {
    reporter_.say("pausa");
    EXPECT_THAT(world_.chat(kWho), ElementsAre("Listo. Hasta luego."));
    reporter_.say(word);
    EXPECT_THAT(world_.chat(kWho), ElementsAre("Hoy hay sol."));
    EXPECT_EQ(reporter_.told().testimony.back(), "event|" + std::to_string(event) + "|");
    reporter_.say(kOwnWord);
    EXPECT_EQ(reporter_.node(), "safety_now");
    reporter_.answer(answers_);
  }
  reporter_.say("pausa");
  reporter_.say("borrar");
  EXPECT_THAT(world_.chat(kWho), ElementsAre("Hoy hay sol."));
  EXPECT_THAT(world_.store().open_reports().value(), SizeIs(1));
  reporter_.say(kOwnWord);
  EXPECT_EQ(reporter_.node(), "safety_now");
}

class OwnPhoneTest : public SilenceTest {
 protected:
  OwnPhoneTest() : SilenceTest({"es", false}) {}
};

// Somebody else says that it is safe, and to go on: the next question is all there is to see.
TEST_F(OwnPhoneTest, WhoSaysYesToTheSafetyCheckSeesNoAnswer) {
  reporter_.come_to("contact_value", answers_);
  reporter_.say("Me llamo Canario, 5512345678");
  reporter_.wait(kSilence);
  for (const char* words : {"hola", "sí", "sí", "atras", "atras"}) {
    reporter_.say(words);
    ASSERT_THAT(reporter_.heard(), SizeIs(1));
    for (const char* told : {"Canario", "5512345678", "se llevaron", "hermano"})
      EXPECT_THAT(reporter_.heard().front(), Not(HasSubstr(told))) << words;
  }
}

// Nothing of them was ever on the disk.
TEST_F(OwnPhoneTest, BeforeConsentThereIsNothingToFind) {
  const auto before = world_.shape_on_disk().values;
  for (const char* word : {"salir", "GRACIAS POR LA RECETA", "borrar", "paraguas"}) {
    reporter_.come_to("consent", answers_);
    EXPECT_EQ(world_.shape_on_disk().values, before);
    reporter_.say(word);
    EXPECT_EQ(world_.shape_on_disk().values, before) << word;
    EXPECT_FALSE(world_.remembers(std::string("sg:") + kWho));
  }
}

}  // namespace
}  // namespace resguardo::testing_support
