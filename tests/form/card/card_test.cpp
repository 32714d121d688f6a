// SPDX-License-Identifier: AGPL-3.0-or-later
// The page and the engine, held together: what is asked is printed, and a printed number is
// understood as what stands beside it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <random>
#include <set>

#include "bot/dialogue/card.h"
#include "bot/dialogue/fold.h"
#include "form/card/page.h"
#include "form/card/sheet.h"
#include "form/parts.h"
#include "form/walk/stand.h"
#include "tests/support/paths.h"

namespace resguardo::form {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::shared_ptr<const dialogue::Form>& whole_form() {
  static const std::shared_ptr<const dialogue::Form> kForm =
      []() -> std::shared_ptr<const dialogue::Form> {
    const auto source =
        FormSource::read(testing_support::source_dir() / "proto/forms/border_abuse");
    std::vector<dialogue::FormProblem> problems;
    if (!source.ok()) return nullptr;
    auto form = dialogue::Form::compile(source->bytes(), problems);
    return form.ok() ? form.value() : nullptr;
  }();
  return kForm;
}

CardSettings settings() {
  return {"https://signal.example/#eu/abc",
          "Casa <Ejemplo> & \"Co\"",
          "5",
          "mx-tijuana",
          "girasol",
          "mariposa"};
}
CardSheet sheet_in(std::size_t language) {
  auto sheet = card_sheet(*whole_form(), language, settings());
  EXPECT_TRUE(sheet.ok()) << (sheet.ok() ? "" : sheet.error().what);
  return sheet.ok() ? *sheet : CardSheet{};
}
const PrintedQuestion* printed(const CardSheet& sheet, std::uint32_t number) {
  for (const auto& each : sheet.questions) {
    if (each.number == number) return &each;
  }
  return nullptr;
}
std::vector<std::string> codes_of(const Stand& stand, const std::string& node) {
  for (const auto& fact : stand.state.facts()) {
    if (fact.node() == node) return {fact.codes().begin(), fact.codes().end()};
  }
  return {};
}
bool refused(const Stand& after, std::uint32_t number) {
  return after.prompt && after.prompt->text == std::to_string(number) + "?";
}
bool wants_another(const Stand& after, std::uint32_t number) {
  return after.prompt && after.prompt->text == std::to_string(number) + "!";
}

// What a question's numbers do, where a conversation stands.
void expect_as_printed(const Stage& stage, const Stand& stand, const PrintedQuestion& question) {
  const auto& consent = stage.content().nodes[stage.content().consent_node];
  for (const auto& group : question.groups) {
    for (const auto& option : group.options) {
      const Stand after = stage.say(stand, "> " + std::to_string(option.number));
      if (refused(after, question.number)) continue;  // not for this person
      if (question.node == stage.content().form.landmarks().review()) continue;
      const bool about_consent = question.node == consent.source->id();
      if (about_consent && wants_another(after, question.number)) continue;  // not enough alone
      const auto codes = codes_of(after, question.node);
      const bool ended = after.over() && !after.receipt();  // "not now": nothing is kept
      const bool all = option.code == consent.source->consent().all().code();
      EXPECT_TRUE(ended || (all && !codes.empty()) ||
                  codes == std::vector<std::string>{option.code})
          << question.node << " " << option.number << " " << option.title;
    }
  }
  const std::string beyond = std::to_string(
      question.groups.empty() ? 0 : question.groups.back().options.back().number + 500);
  if (!question.groups.empty()) {
    EXPECT_TRUE(refused(stage.say(stand, "> " + beyond), question.number)) << question.node;
  }
}

class CardPageTest : public ::testing::TestWithParam<std::size_t> {};

TEST_P(CardPageTest, EveryNumberThatIsAskedIsPrintedAndMeansWhatIsPrinted) {
  ASSERT_NE(whole_form(), nullptr);
  const CardSheet sheet = sheet_in(GetParam());
  const Stage stage(whole_form(), dialogue::ChannelKind::kSignal);
  static constexpr std::array<const char*, 5> kWords = {"tarjeta", "card", "kat", "carte",
                                                        "cartao"};
  std::set<std::uint32_t> asked;
  for (unsigned seed = 0; seed < 60 && !HasFailure(); ++seed) {
    std::mt19937 random(seed);
    Stand stand = stage.say({}, std::string("> ") + kWords[GetParam()]);
    if (seed == 0) stand = stage.say(stand, "> idioma");
    for (int i = 0; i < 60 && !stand.over(); ++i) {
      ASSERT_TRUE(stand.prompt.has_value());
      const auto number = static_cast<std::uint32_t>(std::atoi(stand.prompt->text.c_str()));
      const auto* question = printed(sheet, number);
      ASSERT_NE(question, nullptr) << "asked and not printed: " << stand.prompt->text;
      EXPECT_EQ(question->node, stand.prompt->node);
      if (asked.insert(number).second) expect_as_printed(stage, stand, *question);
      const bool choice = !question->groups.empty();
      const unsigned pick = choice ? 1 + static_cast<unsigned>(random() % 9) : 0;
      stand = stage.say(stand, "> " + std::to_string(pick));
    }
  }
  for (const auto& each : sheet.questions) {
    EXPECT_TRUE(asked.contains(each.number)) << "printed and never asked: " << each.node;
  }
}

TEST_P(CardPageTest, HoldsEveryNumberAndItsWordsAndNothingActs) {
  const CardSheet sheet = sheet_in(GetParam());
  const auto page = card_page({sheet});
  ASSERT_TRUE(page.ok());
  for (const auto& question : sheet.questions) {
    EXPECT_THAT(*page,
                HasSubstr("id=\"" + sheet.language + "-" + std::to_string(question.number) + "\""));
    EXPECT_FALSE(question.text.empty());
    const auto heading = page->find("<h2><b>" + std::to_string(question.number));
    if (heading != std::string::npos && !question.groups.empty()) {  // never alone in a column
      EXPECT_TRUE(page->substr(0, heading).ends_with("<div class=\"group\">\n")) << question.node;
    }
    for (const auto& group : question.groups) {
      for (const auto& option : group.options) {
        EXPECT_FALSE(option.title.empty()) << question.node;
        EXPECT_THAT(*page, HasSubstr(std::to_string(option.number) + "</b>"));
      }
    }
  }
  EXPECT_THAT(*page, Not(HasSubstr("<script")));
  EXPECT_THAT(*page, Not(HasSubstr("<Ejemplo>")));
  EXPECT_THAT(*page, HasSubstr("Casa &lt;Ejemplo&gt; &amp; &quot;Co&quot;"));
  EXPECT_THAT(*page, HasSubstr("girasol "));
  EXPECT_THAT(*page, HasSubstr("mariposa"));
  for (const auto* placeholder :
       {"{org}", "{signal_link}", "{opening}", "{resume_word}", "{resources", "{parts}"}) {
    EXPECT_THAT(*page, Not(HasSubstr(placeholder)));
  }
  EXPECT_EQ(*card_page({sheet}), *page);
}

// A report cannot begin without one of the numbers that the card names, and ends with the other
// one.
TEST_P(CardPageTest, SaysWhatIsNeededAndWhatIsNot) {
  const CardSheet sheet = sheet_in(GetParam());
  const auto page = card_page({sheet});
  ASSERT_TRUE(page.ok());
  EXPECT_THAT(sheet.consent_note, HasSubstr("1, 2, 3"));
  const Stage stage(whole_form(), dialogue::ChannelKind::kSignal);
  static constexpr std::array<const char*, 5> kWords = {"tarjeta", "card", "kat", "carte",
                                                        "cartao"};
  Stand stand = stage.say({}, std::string("> ") + kWords[GetParam()]);
  for (const char* answer : {"> 1", "> 1", "> 4"}) stand = stage.say(stand, answer);
  ASSERT_EQ(stand.prompt->text, "7");
  for (const char* needed : {"> 1", "> 2", "> 3"})
    EXPECT_EQ(stage.say(stand, needed).prompt->text, "9") << needed;
  for (const char* alone : {"> 4", "> 5", "> 4 5"})
    EXPECT_EQ(stage.say(stand, alone).prompt->text, "7!") << alone;
  EXPECT_EQ(stage.say(stand, "> 7").prompt->text, ".");
  for (const auto& question : sheet.questions) {
    const auto& content = whole_form()->content();
    const auto& node = *content.nodes[content.find(question.node)].source;
    const std::string number = std::to_string(question.number);
    EXPECT_EQ(page->find(">" + number + "!<") != std::string::npos, node.required()) << number;
  }
}

// What the card tells people to write is understood, and what it explains is all that is said.
TEST_P(CardPageTest, ItsWordsAreOrdersAndItsSignsAreTheEngines) {
  const auto& content = whole_form()->content();
  const CardSheet sheet = sheet_in(GetParam());
  const Stage stage(whole_form(), dialogue::ChannelKind::kSignal);
  for (const auto& card : content.form.card().texts()) {
    if (card.language() != sheet.language) continue;
    for (const auto& line : card.words()) {
      if (line.term().starts_with("{")) continue;
      EXPECT_TRUE(content.commands.contains(dialogue::fold_name(line.term()))) << line.term();
    }
  }
  std::set<std::string> explained;
  for (const auto& sign : sheet.signs) {
    const auto figures = sign.term.find_first_not_of("0123456789");
    explained.insert(figures == std::string::npos ? sign.term : sign.term.substr(figures));
  }
  for (std::size_t say = 0; say < dialogue::kSayCount; ++say) {
    const std::string sign(dialogue::card_sign(static_cast<dialogue::Say>(say)));
    EXPECT_TRUE(sign.empty() || explained.contains(sign)) << "no line explains " << sign;
  }
}

INSTANTIATE_TEST_SUITE_P(Languages, CardPageTest, ::testing::Range<std::size_t>(0, 5));

TEST(CardSheetTest, SaysWhichSettingIsMissing) {
  CardSettings none = settings();
  none.organisation.clear();
  const auto sheet = card_sheet(*whole_form(), 0, none);
  ASSERT_FALSE(sheet.ok());
  EXPECT_EQ(sheet.error().where, "--organisation");
}

TEST(CardSheetTest, RefusesAPlaceThatTheFormDoesNotKnow) {
  CardSettings elsewhere = settings();
  for (const char* known : {"mx-tijuana", "MX"}) {
    elsewhere.place = known;
    EXPECT_TRUE(card_sheet(*whole_form(), 0, elsewhere).ok()) << known;
  }
  elsewhere.place = "mx-tijuanaa";
  const auto sheet = card_sheet(*whole_form(), 0, elsewhere);
  ASSERT_FALSE(sheet.ok());
  EXPECT_EQ(sheet.error().where, "--place");
}

TEST(CardSheetTest, LeavesOutTheLineOfAWordThereIsNot) {
  CardSettings none = settings();
  none.resume_word.clear();
  none.start_word.clear();
  const auto sheet = card_sheet(*whole_form(), 1, none);
  ASSERT_TRUE(sheet.ok());
  EXPECT_EQ(sheet->words.size() + 1, sheet_in(1).words.size());
  EXPECT_THAT(sheet->steps[2], HasSubstr("Type CARD."));
}

}  // namespace
}  // namespace resguardo::form
