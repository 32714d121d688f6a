// SPDX-License-Identifier: AGPL-3.0-or-later
// Answers that are read: through the engine, into what is sealed, and out of what is kept.
#include <algorithm>

#include "bot/dialogue/step.h"
#include "tests/bot/dialogue/values_form.h"

namespace resguardo::dialogue {
namespace {

class ValuesTest : public ::testing::Test {
 protected:
  const Step& say(std::string_view text) { return act(Words{SecretText(text)}); }
  const Step& act(const Said& said) {
    now_ += std::chrono::seconds(3);
    step_ = advance(*ValuesForm::get(), settings_, step_.state, awake_, ChannelKind::kSignal, said,
                    now_);
    awake_ = true;
    return step_;
  }
  void begin(const char* language) {
    for (const char* words : {"hola", language, "si", "1"}) say(words);
  }
  void go_to(std::string_view node) {
    for (int i = 0; i < 20 && step_.state.cursor() != node; ++i) say("saltar");
    ASSERT_EQ(step_.state.cursor(), node);
  }
  std::string date() const {
    const auto* value = std::get_if<DateValue>(&step_.given.back().value);
    return value == nullptr ? std::string() : value->edtf;
  }
  bool durable_holds(std::string_view text) const {
    return durable_part(*ValuesForm::get(), step_.state).SerializeAsString().find(text) !=
           std::string::npos;
  }

  Settings settings_;
  Step step_;
  bool awake_ = true;
  // 2025-03-20 05:00 UTC: at the border it is still the 19th.
  TimePoint now_{std::chrono::milliseconds(1'742'446'800'000)};
};

TEST_F(ValuesTest, ADayIsOneOfTheBordersAndStaysOutOfTheState) {
  begin("es");
  ASSERT_EQ(step_.state.cursor(), "day");
  say("ayer por la noche");
  EXPECT_EQ(date(), "2025-03-18");
  EXPECT_EQ(step_.given.back().text.reveal(), "ayer por la noche");
  EXPECT_EQ(step_.state.cursor(), "any_day");
  for (const char* text : {"ayer", "2025-03-18"}) {
    EXPECT_EQ(step_.state.SerializeAsString().find(text), std::string::npos) << text;
  }
}

TEST_F(ValuesTest, ANumberThatIsNotMeantIsAnsweredWithTheRangeAndNotRepeated) {
  begin("en");
  go_to("count");
  say("7777");
  ASSERT_TRUE(step_.prompt);
  EXPECT_EQ(step_.state.cursor(), "count");
  EXPECT_EQ(step_.prompt->text.find("7777"), std::string::npos);
  EXPECT_NE(step_.prompt->text.find("from 0 to 1000"), std::string::npos) << step_.prompt->text;
  say("30");
  EXPECT_NE(step_.state.cursor(), "count");
}

TEST_F(ValuesTest, DayOrMonthIsAskedWithoutShowingTheDate) {
  begin("en");
  say("01/02/2025");
  ASSERT_TRUE(step_.prompt);
  EXPECT_EQ(step_.state.cursor(), "day");
  EXPECT_NE(step_.prompt->text.find("the day or the month?"), std::string::npos);
  EXPECT_EQ(step_.prompt->text.find("01"), std::string::npos);
  ASSERT_EQ(step_.prompt->choices.size(), 2U);
  EXPECT_EQ(step_.prompt->choices[0].title, "Day");
  EXPECT_FALSE(durable_holds("01/02"));
  ASSERT_EQ(step_.given.size(), 1U);  // kept at once, as words that are no answer yet
  EXPECT_TRUE(step_.given[0].remark);
  say("month");
  EXPECT_EQ(date(), "2025-01-02");
  EXPECT_EQ(step_.given.back().text.reveal(), "01/02/2025");
  EXPECT_EQ(step_.given.back().raw.reveal(), "month");
  EXPECT_EQ(step_.state.cursor(), "any_day");
  EXPECT_FALSE(step_.state.has_pending_date());
}

// The button of an earlier question: Tijuana is in no other country.
TEST_F(ValuesTest, AnotherCountryLeavesNoCityOfTheFirst) {
  begin("en");
  go_to("country");
  say("Mexiko");
  ASSERT_EQ(step_.state.cursor(), "place");
  say("Tijuana");
  ASSERT_EQ(step_.state.cursor(), "site");
  act(Tap{"country:MX"});
  EXPECT_EQ(step_.state.cursor(), "site") << "the same again changes nothing";
  act(Tap{"country:US"});
  EXPECT_EQ(step_.state.cursor(), "place");
  ASSERT_EQ(step_.given.size(), 2U);
  EXPECT_EQ(step_.given[0].kind, Given::Kind::kRetraction);
  EXPECT_EQ(step_.given[0].node, "place");
  EXPECT_EQ(step_.given[1].codes, std::vector<std::string>{"US"});
}

TEST_F(ValuesTest, WhoIsAskedForTheOrderMayAlsoSayTheDateAgain) {
  begin("en");
  say("1/2/2025");
  say("2 January 2025");
  EXPECT_EQ(date(), "2025-01-02");
  EXPECT_EQ(step_.given.back().text.reveal(), "2 January 2025");
}

TEST_F(ValuesTest, ARestartForgetsTheDateAndAsksAnew) {
  begin("en");
  say("1/2/2025");
  step_.state = durable_part(*ValuesForm::get(), step_.state);
  awake_ = false;
  act(Hello{});
  ASSERT_TRUE(step_.prompt);
  EXPECT_EQ(step_.prompt->text.find("the day or the month?"), std::string::npos);
  EXPECT_EQ(step_.prompt->node, "day");
}

TEST_F(ValuesTest, WhatIsNotUnderstoodIsKeptAndThenAnotherWayIsOffered) {
  begin("es");
  say("cuando salí de mi casa");
  EXPECT_NE(step_.prompt->text.find("No entendí"), std::string::npos);
  EXPECT_TRUE(step_.given.back().remark);
  say("pues ese día que le digo");
  say("el otro día");
  EXPECT_NE(step_.prompt->text.find("SALTAR"), std::string::npos);
  EXPECT_NE(step_.prompt->text.find("mensaje de voz"), std::string::npos);
  EXPECT_EQ(step_.state.cursor(), "day");
  say("no sé");
  EXPECT_EQ(date(), "XXXX");
  EXPECT_EQ(step_.state.cursor(), "any_day");
}

TEST_F(ValuesTest, ANumberAndMoneyAreSealedWithTheirWords) {
  begin("es");
  go_to("count");
  say("éramos como quince");
  EXPECT_EQ(std::get<std::int64_t>(step_.given.back().value), 15);
  say("2 mil pesos");
  const auto& money = std::get<MoneyValue>(step_.given.back().value);
  EXPECT_EQ(money.minor_units, 200'000);
  EXPECT_EQ(money.currency, "MXN");
  EXPECT_EQ(step_.given.back().text.reveal(), "2 mil pesos");
  EXPECT_FALSE(durable_holds("mil"));
}

TEST_F(ValuesTest, ANumberOutOfRangeIsAskedAgain) {
  begin("es");
  go_to("count");
  say("5000");
  EXPECT_EQ(step_.state.cursor(), "count");
}

TEST_F(ValuesTest, PagesOfTheGazetteerLeadToOneAnother) {
  begin("es");
  go_to("country");
  say("1");
  ASSERT_EQ(step_.state.cursor(), "place");
  const auto has = [&](const std::string& id) {
    const auto& choices = step_.prompt->choices;
    return std::any_of(choices.begin(), choices.end(),
                       [&](const PromptChoice& each) { return each.id == id; });
  };
  EXPECT_TRUE(has("place:mx-tijuana"));
  ASSERT_TRUE(has("place:MX-AREAS"));
  act(Tap{"place:MX-AREAS"});
  EXPECT_EQ(step_.state.cursor(), "place");
  ASSERT_TRUE(has("place:MX-SON"));
  say("atrás");  // to the first page, not to the question before
  EXPECT_EQ(step_.state.cursor(), "place");
  EXPECT_TRUE(has("place:mx-tijuana"));
  act(Tap{"place:MX-AREAS"});
  act(Tap{"place:MX-SON"});
  EXPECT_LE(step_.prompt->choices.size(), 10U);
  act(Tap{"place:mx-altar"});
  EXPECT_EQ(step_.given.back().codes, std::vector<std::string>{"mx-altar"});
  EXPECT_EQ(std::get<PlaceValue>(step_.given.back().value).precision, "city");
  EXPECT_EQ(step_.state.cursor(), "site");
}

TEST_F(ValuesTest, ANameThatMayBeTwoPlacesIsSealedWithBothAndNotAskedBack) {
  begin("es");
  go_to("place");  // no country was said
  say("por Nogales");
  EXPECT_EQ(step_.given.back().codes, (std::vector<std::string>{"mx-nogales", "us-nogales"}));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(step_.given.back().value));
  EXPECT_EQ(step_.given.back().text.reveal(), "por Nogales");
  EXPECT_EQ(step_.state.cursor(), "site");
}

TEST_F(ValuesTest, APointOffersTheMapAndIsSkippedByAWord) {
  begin("es");
  go_to("point");
  ASSERT_TRUE(step_.prompt);
  EXPECT_TRUE(step_.prompt->asks_location);
  EXPECT_TRUE(step_.prompt->choices.empty());
  EXPECT_NE(step_.prompt->text.find("SALTAR"), std::string::npos);
  say("saltar");
  EXPECT_TRUE(step_.given.back().skipped);
  EXPECT_EQ(step_.state.cursor(), "yes_no");
  EXPECT_FALSE(step_.prompt->asks_location);
}

TEST_F(ValuesTest, APinAnswersAPoint) {
  begin("es");
  go_to("point");
  act(Pin{31.7, -106.4, SecretText("")});
  ASSERT_TRUE(step_.given.back().point);
  EXPECT_EQ(step_.state.cursor(), "yes_no");
}

TEST_F(ValuesTest, AContactIsOfTheIdentityHoweverItIsWritten) {
  begin("es");
  go_to("contact");
  say("pregunten por mí en la tienda");
  EXPECT_TRUE(step_.given.back().identity);
  EXPECT_EQ(step_.given.back().text.reveal(), "pregunten por mí en la tienda");
}

}  // namespace
}  // namespace resguardo::dialogue
