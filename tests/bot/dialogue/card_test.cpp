// SPDX-License-Identifier: AGPL-3.0-or-later
// Reports by card: the bot says figures and signs, and no word at all (docs/adr/110).
#include "bot/dialogue/card.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <regex>
#include <set>

#include "bot/dialogue/fold.h"
#include "bot/dialogue/step.h"
#include "bot/dialogue/summary.h"
#include "tests/bot/dialogue/whole_form.h"

namespace resguardo::dialogue {
namespace {

using State = pb::ConversationState;

// One person by card, and what the bot said.
struct Person {
  Settings settings;
  ChannelKind channel = ChannelKind::kSignal;
  std::optional<bool> vanishes = true;
  Step last;
  bool awake = true;
  TimePoint now{std::chrono::milliseconds(1'795'000'000'000)};

  std::string hear(const Said& said) {
    now += std::chrono::seconds(5);
    const Circumstances around =
        channel == ChannelKind::kSignal ? Circumstances(channel, vanishes) : Circumstances(channel);
    last = advance(*whole_form(), settings, last.state, awake, around, said, now);
    awake = true;
    if (!last.prompt) return "(silence)";
    EXPECT_TRUE(!last.state.card() || last.prompt->choices.empty()) << last.prompt->node;
    return last.prompt->text;
  }
  std::string type(const std::string& words) { return hear(Words{SecretText(words)}); }
  std::string all(std::initializer_list<const char*> lines) {
    std::string answer;
    for (const char* line : lines) answer = type(line);
    return answer;
  }
  // To the first question after consent, told by oneself.
  std::string open() { return all({"TARJETA", "1", "1", "4", "1"}); }
  std::vector<std::string> codes() const {
    return last.given.empty() ? std::vector<std::string>() : last.given.back().codes;
  }
};

TEST(CardTest, TheWordOfALanguageChoosesIt) {
  for (const auto& [word, language] :
       {std::pair("TARJETA", "es"), std::pair("card", "en"), std::pair("Kat", "ht"),
        std::pair("carte", "fr"), std::pair("cartao", "pt")}) {
    Person person;
    EXPECT_EQ(person.type(word), "2") << word;
    EXPECT_EQ(person.last.state.language(), language);
    EXPECT_TRUE(person.last.state.card());
  }
}

TEST(CardTest, AServerWithStartWordsWantsOneBeforeTheWord) {
  Person person;
  person.settings.start_words = {"girasol", "buen día"};
  person.settings.cover_text = {{"es", "Hay sol."}};
  EXPECT_EQ(person.type("TARJETA"), "Hay sol.");
  EXPECT_EQ(person.last.effect, Effect::kForget);
  EXPECT_EQ(person.type("Girasol tarjeta"), "2");
  Person other;
  other.settings = person.settings;
  EXPECT_EQ(other.type("¡Buen día! CARTE"), "2");
  EXPECT_EQ(other.last.state.language(), "fr");
}

TEST(CardTest, SaysOnlyNumbersAndSigns) {
  Person person;
  EXPECT_EQ(person.open(), "9");
  EXPECT_EQ(person.type("77"), "9?");
  EXPECT_EQ(person.type("no entiendo nada"), "9?");
  EXPECT_EQ(person.type("porque"), "9");
  EXPECT_EQ(person.type("ayuda"), "9");
  EXPECT_EQ(person.type("menu"), "9");
  EXPECT_EQ(person.hear(NotForUs{}), "9?");
  EXPECT_EQ(person.hear(Attachment{true, SecretText()}), "9x") << "this server keeps no files";
  person.settings.media = true;
  EXPECT_EQ(person.hear(Attachment{true, SecretText()}), "9+");
  EXPECT_EQ(person.type("3, 5"), "10");
  EXPECT_EQ(person.codes(), (std::vector<std::string>{"sexual", "threats"}));
  EXPECT_EQ(person.type("0"), "11");
  EXPECT_TRUE(person.last.given.back().skipped);
  EXPECT_EQ(person.type("atras"), "10");
  EXPECT_EQ(person.type("idioma"), "1");
  EXPECT_EQ(person.type("0"), "1!");
  EXPECT_EQ(person.type("3"), "10");
  EXPECT_EQ(person.last.state.language(), "en");
  EXPECT_EQ(person.type("3/4/2025"), "10 1/2") << "in English either may come first";
  EXPECT_EQ(person.type("2"), "11");
  ASSERT_FALSE(person.last.given.empty());
  EXPECT_EQ(std::get<DateValue>(person.last.given.back().value).edtf, "2025-03-04");
}

// What is not offered to a minor keeps its number: the others' do not move.
TEST(CardTest, ANumberMeansTheSameToEverybody) {
  Person person;
  EXPECT_EQ(person.all({"TARJETA", "1", "1", "1", "1", "1"}), "7");
  EXPECT_EQ(person.type("2"), "7?") << "publish is not asked of minors";
  EXPECT_EQ(person.type("1 2"), "7?");
  EXPECT_EQ(person.type("5 1"), "9");
  ASSERT_GE(person.last.given.size(), 2U);
  EXPECT_EQ(person.last.given[person.last.given.size() - 2].codes,
            (std::vector<std::string>{"recontact", "research"}));
}

// Places are numbered through all countries.
TEST(CardTest, APlaceHasOneNumberWhateverTheCountry) {
  const auto& content = whole_form()->content();
  const auto options = card_options(content, content.nodes[content.find("place_city")]);
  ASSERT_GT(options.size(), 50U);
  Person person;
  EXPECT_EQ((person.open(), person.all({"1", "0", "2"})), "12");
  EXPECT_EQ(person.type(std::to_string(options.size() + 1)), "12?");
  EXPECT_EQ(person.type(std::to_string(options.size())), "14");
  EXPECT_EQ(person.codes(), std::vector<std::string>{options.back()->code});
}

TEST(CardTest, ConsentByCardKeepsWhatIsNotFinishedAndSealsThatItWasByCard) {
  Person person;
  EXPECT_EQ(person.open(), "9");
  EXPECT_EQ(person.last.effect, Effect::kBeginReport);
  EXPECT_TRUE(person.last.state.kept());
  const auto& content = whole_form()->content();
  const auto& node = content.nodes[content.consent_node];
  ASSERT_GE(person.last.given.size(), 2U);
  const auto& consent = person.last.given[person.last.given.size() - 2];
  EXPECT_EQ(consent.text_version, node.card_versions[0]);
  EXPECT_NE(consent.text_version, node.text_versions[0]) << "other words were read";
  EXPECT_EQ(person.last.given.back().event, static_cast<std::uint32_t>(pb::EVENT_MODE));
  EXPECT_EQ(person.last.given.back().event_detail, "card");
}

TEST(CardTest, LeavingErasingAndPausingAreWordless) {
  Person person;
  person.open();
  EXPECT_EQ(person.type("salir"), ".");
  EXPECT_EQ(person.last.effect, Effect::kLeave);
  Person covered;
  covered.settings.cover_text = {{"es", "Hay sol."}};
  covered.open();
  EXPECT_EQ(covered.type("gracias por la receta"), "Hay sol.");
  Person erased;
  erased.open();
  EXPECT_EQ(erased.type("borrar"), "0");
  EXPECT_EQ(erased.last.effect, Effect::kEraseReport);
  Person paused;
  paused.open();
  EXPECT_EQ(paused.type("pausa"), ".");
  EXPECT_EQ(paused.type("hola"), "2");
  EXPECT_EQ(paused.type("1"), "9");
}

TEST(CardTest, TheResumeWordLeadsBackToTheNumbers) {
  Person person;
  person.settings.resume_words = {"mariposa"};
  person.open();
  person.type("salir");
  person.last.state = durable_part(*whole_form(), person.last.state);
  person.awake = false;
  EXPECT_EQ(person.type("mariposa"), "2");
  EXPECT_EQ(person.type("1"), "9");
}

TEST(CardTest, ARestartAndASilenceKeepTheCard) {
  Person person;
  person.open();
  person.type("1");
  person.last.state = durable_part(*whole_form(), person.last.state);
  person.awake = false;
  EXPECT_TRUE(person.last.state.card());
  person.type("hola");
  person.now += std::chrono::hours(1);
  EXPECT_EQ(person.type("5"), "2");
  const std::string answer = person.type("1");
  EXPECT_TRUE(answer == "9" || answer == "10") << "no word, no offer to go on: " << answer;
}

TEST(CardTest, MessagesThatStayAreToldByASign) {
  Person person;
  person.vanishes = false;
  EXPECT_EQ(person.open(), "9*");
  EXPECT_EQ(person.type("1"), "10");
}

TEST(CardTest, FromWordsToTheCardAndBack) {
  Person person;
  person.all({"hola", "español", "sí, es mi teléfono", "a mí"});
  EXPECT_EQ(person.last.prompt->node, "age");
  EXPECT_EQ(person.type("tarjeta"), "4");
  EXPECT_EQ(person.type("4"), "7");
  EXPECT_EQ(person.type("6"), "9");
  const std::string words = person.type("modo rápido");
  EXPECT_EQ(person.last.prompt->node, "event_what");
  EXPECT_GT(words.size(), 20U);
  EXPECT_FALSE(person.last.state.card());
  EXPECT_FALSE(person.last.prompt->choices.empty());
  EXPECT_EQ(person.type("carte"), "9");
  EXPECT_EQ(person.last.state.language(), "fr");
}

// An interviewer by card would be asked for no team code.
TEST(CardTest, NobodyBecomesAnInterviewerByCard) {
  Person person;
  EXPECT_EQ(person.all({"TARJETA", "1"}), "3");
  EXPECT_EQ(person.type("soy del equipo"), "3?");
  EXPECT_EQ(person.hear(Tap{"role:interviewer"}), "3");
  EXPECT_EQ(person.type("7"), "3?");
  Person team;
  team.all({"hello", "english", "yes, it is my phone", "i am on the team"});
  EXPECT_EQ(team.last.prompt->node, "int_code");
  team.type("card");
  EXPECT_FALSE(team.last.state.card());
  EXPECT_EQ(team.last.prompt->node, "int_code");
}

TEST(CardTest, TheReviewChangesAnAnswerByItsNumber) {
  Person person;
  person.open();
  person.all({"1", "0", "1", "1", "5", "0", "1", "1", "1", "2"});
  EXPECT_EQ(person.last.prompt->text, "20");
  EXPECT_EQ(person.type("2"), "20#");
  EXPECT_EQ(person.type("99"), "20#");
  EXPECT_EQ(person.type("0"), "20");
  EXPECT_EQ(person.type("2"), "20#");
  EXPECT_EQ(person.type("15"), "15");
  EXPECT_EQ(person.type("2 3"), "20");
  EXPECT_EQ(person.type("1"), std::string(kReceiptMark));
  EXPECT_EQ(person.last.effect, Effect::kCloseReport);
  EXPECT_EQ(person.type("ok"), ".");
}

TEST(CardTest, WhatIntakeSaysByItselfIsWordlessToo) {
  State state;
  state.set_card(true);
  EXPECT_EQ(unavailable_text(*whole_form(), state), "x");
  state.set_card(false);
  EXPECT_GT(unavailable_text(*whole_form(), state).size(), 20U);
}

// Anybody, in every language, on both messengers.
class CardWalkTest : public ::testing::TestWithParam<std::tuple<const char*, ChannelKind>> {};

std::string padded(std::string_view text) {
  return std::string(" ").append(fold_name(text)).append(" ");
}

TEST_P(CardWalkTest, TheBotSaysNoWord) {
  const std::regex figures(R"(([1-9]\d?)?([?+!*x#.]| 1/2)*|0)");
  std::size_t receipts = 0;
  for (unsigned seed = 0; seed < 150 && !HasFailure(); ++seed) {
    std::mt19937 random(seed);
    const auto pick = [&](unsigned count) { return static_cast<unsigned>(random() % count); };
    Person person;
    person.channel = std::get<1>(GetParam());
    person.vanishes = pick(2) == 0;
    person.settings.media = pick(2) == 0;
    person.type(std::get<0>(GetParam()));
    bool over = false;
    for (int i = 0; i < 300 && !over; ++i) {
      Said said = Words{SecretText(std::to_string(pick(3) == 0 ? pick(12) : 1))};
      if (pick(12) == 0) said = Words{SecretText(std::to_string(pick(9)) + " 2 " + "4")};
      if (pick(20) == 0) said = Attachment{pick(2) == 0, SecretText()};
      if (pick(20) == 0) said = Pin{31.5, -106.25, SecretText()};
      if (pick(30) == 0) said = NotForUs{};
      if (pick(30) == 0) said = Words{SecretText(pick(2) == 0 ? "atras" : "15/3/2025")};
      if (pick(40) == 0) {
        person.last.state = durable_part(*whole_form(), person.last.state);
        person.awake = false;
        if (person.last.state.phase() == State::PHASE_NEW) break;
      }
      if (pick(40) == 0) person.now += std::chrono::minutes(35);
      const bool early = person.last.state.phase() == State::PHASE_BEFORE_CONSENT;
      if (early &&
          person.now.time_since_epoch().count() - person.last.state.last_said_ms() > 1'800'000) {
        break;  // a stranger begins anew, in words
      }
      const std::string said_back = person.hear(said);
      const bool receipt = said_back == kReceiptMark;
      EXPECT_TRUE(receipt || said_back == "(silence)" || std::regex_match(said_back, figures))
          << "seed " << seed << ": " << said_back;
      EXPECT_FALSE(said_back.empty());
      receipts += receipt ? 1U : 0U;
      over = receipt || person.last.effect == Effect::kForget ||
             person.last.effect == Effect::kEraseReport;
    }
  }
  EXPECT_GT(receipts, 15U) << "the walks do not get far enough to mean anything";
}

INSTANTIATE_TEST_SUITE_P(
    All, CardWalkTest,
    ::testing::Combine(::testing::Values("tarjeta", "card", "kat", "carte", "cartao"),
                       ::testing::Values(ChannelKind::kSignal, ChannelKind::kWhatsApp)),
    [](const auto& each) {
      return std::string(std::get<0>(each.param)) +
             (std::get<1>(each.param) == ChannelKind::kSignal ? "_signal" : "_whatsapp");
    });

// Signs and figures hold none of these by their nature; numbers might, if a list held one.
TEST(CardTest, NoSensitiveWordIsASignOrANumber) {
  for (const auto& list : whole_form()->content().form.sensitive()) {
    for (const auto& word : list.words()) {
      EXPECT_NE(padded(word), "  ") << "a sign: " << word;
      EXPECT_EQ(padded(word).find_first_of("0123456789"), std::string::npos) << word;
    }
  }
}

}  // namespace
}  // namespace resguardo::dialogue
