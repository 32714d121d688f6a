// SPDX-License-Identifier: AGPL-3.0-or-later
// What is asked several times: events, people, one part for each thing that was picked.
#include "bot/dialogue/route.h"

#include "tests/bot/dialogue/small_form.h"

namespace resguardo::dialogue {
namespace {

using Lines = std::vector<std::string>;

class RouteTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(repeating_form(), nullptr);
    ASSERT_EQ(talk_.consent(), "harm");
  }
  Talk talk_{repeating_form()};
};

TEST_F(RouteTest, EveryAnswerIsSealedWithItsTime) {
  EXPECT_EQ(talk_.say({"robbery", "police, gang", "one", "several", "uno alto", "enough", "yes"}),
            "harm");
  EXPECT_EQ(talk_.say({"threats", "unknown", "la historia", "listo", "add", "30", "enough", "no"}),
            "risk");
  EXPECT_EQ(talk_.sealed,
            (Lines{"harm[0]=robbery ", "who[0]=police gang ", "doer_count[0,0]=one ",
                   "doer_count[0,1]=several ", "doer_note[0,1]=uno alto",
                   "person_more[0,0]=enough ", "more[0]=yes ", "harm[1]=threats ",
                   "who[1]=unknown ", "detail[1]=la historia", "person_more[1,0]=add ",
                   "person_age[1,0]=30", "person_more[1,1]=enough ", "more[1]=no "}));
}

TEST_F(RouteTest, EachTimeHasItsNumberOrLetter) {
  EXPECT_EQ(talk_.first_line(), "Harm 1");
  talk_.say({"robbery", "police, gang"});
  EXPECT_EQ(talk_.first_line(), "How many, 1");
  talk_.say("one");
  EXPECT_EQ(talk_.first_line(), "How many, 2");
  talk_.say("one");
  EXPECT_EQ(talk_.first_line(), "Add A");
  talk_.say({"add", "30"});
  EXPECT_EQ(talk_.first_line(), "Add B");
  talk_.say({"add", "40"});
  EXPECT_EQ(talk_.at(), "more") << "a third person is one too many, and not asked for";
  talk_.say("yes");
  EXPECT_EQ(talk_.first_line(), "Harm 2");
}

TEST_F(RouteTest, NothingIsAskedBeyondTheMost) {
  talk_.say({"robbery", "police, gang, army", "one", "one"});
  EXPECT_EQ(talk_.at(), "person_more") << "two doers at most";
  for (int event = 0; event < 2; ++event) talk_.say({"enough", "yes", "robbery", "unknown"});
  EXPECT_EQ(talk_.say("enough"), "risk") << "after the third event there is no other";
}

TEST_F(RouteTest, SkippingTheWordForAnotherEndsIt) {
  EXPECT_EQ(talk_.say({"robbery", "saltar", "saltar", "saltar"}), "risk");
  EXPECT_EQ(talk_.sealed, (Lines{"harm[0]=robbery ", "who[0]=skipped ", "person_more[0,0]=skipped ",
                                 "more[0]=skipped "}));
}

TEST_F(RouteTest, BackLeadsIntoTheTimeBefore) {
  talk_.say({"robbery", "unknown", "enough", "yes", "threats"});
  EXPECT_EQ(talk_.at(), "who");
  talk_.say("atras");
  EXPECT_EQ(talk_.first_line(), "Harm 2");
  EXPECT_EQ(talk_.say("atras"), "more");
  EXPECT_EQ(talk_.say("no"), "risk");
  talk_.say("low");
  EXPECT_EQ(talk_.at(), "review");
  EXPECT_EQ(talk_.text().find("(2)"), std::string::npos) << "the second event was given up";
}

TEST_F(RouteTest, ALateTapChangesTheTimeItCameFrom) {
  talk_.say({"robbery", "police, gang", "one"});
  const std::string late = "doer_count.0.0:several";
  EXPECT_EQ(talk_.choices().substr(0, talk_.choices().find(' ')), "doer_count.0.1:one");
  talk_.tap(late);
  EXPECT_EQ(talk_.last_sealed(), "doer_count[0,0]=several ");
  EXPECT_EQ(talk_.first_line(), "Note 1");
  talk_.say("nota");
  EXPECT_EQ(talk_.last_sealed(), "doer_note[0,0]=nota");
  EXPECT_EQ(talk_.first_line(), "How many, 2");
}

TEST_F(RouteTest, TapsThatWereNeverOfferedChangeNothing) {
  talk_.say({"robbery", "police, gang"});
  const auto before = talk_.sealed;
  for (const char* id : {"doer_count:one", "doer_count.0:one", "doer_count.0.0.0:one",
                         "doer_count.1.0:one", "doer_count.0.7:one", "doer_count.0.99999999999:one",
                         "doer_count.-1.0:one", "doer_count.0.0x:one", "doer_count..:one",
                         "risk.1:low", "people.0:add", "doer_count.0.0"}) {
    EXPECT_EQ(talk_.tap(id), "doer_count") << id;
  }
  EXPECT_EQ(talk_.sealed, before);
}

TEST_F(RouteTest, OtherPicksMakeOtherTimes) {
  talk_.say({"robbery", "police, gang", "one", "one"});
  EXPECT_EQ(talk_.at(), "person_more");
  talk_.say({"atras", "atras", "atras"});
  EXPECT_EQ(talk_.at(), "who");
  EXPECT_EQ(talk_.say("police, gang"), "doer_count") << "went back over it: asked again";
  talk_.say({"one", "one", "atras", "atras", "atras"});
  EXPECT_EQ(talk_.say("gang, police"), "doer_count");
  talk_.say("several");
  EXPECT_EQ(talk_.say("alto"), "doer_count") << "nothing is left of when 2 was the gang";
}

TEST_F(RouteTest, TheReviewCountsAndChangesOneTime) {
  talk_.say({"robbery", "unknown", "enough", "yes", "threats", "unknown", "a", "b", "listo",
             "enough", "no", "low"});
  ASSERT_EQ(talk_.at(), "review");
  EXPECT_NE(talk_.text().find("• Events (2) ✓ (2)\n• After ✓\n"), std::string::npos)
      << talk_.text();
  talk_.say("cambiar");
  EXPECT_EQ(talk_.choices(),
            "review:consent review:event.1 review:event.2 review:after review:_continue");
  talk_.sealed.clear();
  EXPECT_EQ(talk_.tap("review:event.1"), "harm");
  EXPECT_EQ(talk_.first_line(), "Harm 1");
  talk_.say({"robbery", "unknown", "enough"});
  EXPECT_EQ(talk_.at(), "review") << "that there is another event was affirmed, and stays";
  EXPECT_EQ(talk_.sealed,
            (Lines{"harm[0]=robbery ", "who[0]=unknown ", "person_more[0,0]=enough "}));
  talk_.say("cambiar");
  talk_.say("Events (2)");
  EXPECT_EQ(talk_.first_line(), "Harm 2");
  talk_.say({"robbery", "unknown", "enough"});
  EXPECT_EQ(talk_.at(), "more") << "the last one may lead on to another";
}

TEST_F(RouteTest, ARestartAsksAgainWhatDecidesAndKeepsTheRest) {
  talk_.say({"threats", "police", "one", "historia", "listo", "enough", "yes", "robbery"});
  talk_.restart();
  EXPECT_EQ(talk_.step().state.cursor_instance(0), 1U);
  talk_.say("hola");
  EXPECT_EQ(talk_.first_line(), "Harm 1");
  EXPECT_EQ(talk_.say("threats"), "who");
  EXPECT_EQ(talk_.say("police"), "doer_count");
  talk_.say("one");
  EXPECT_EQ(talk_.at(), "person_more") << "the story is there; that it is told needs no code";
  talk_.say({"enough", "yes"});
  EXPECT_EQ(talk_.first_line(), "Harm 2");
}

TEST_F(RouteTest, AnyTimeInAStateGivesAStep) {
  talk_.say({"robbery", "police"});
  for (const std::uint32_t time : {0U, 1U, 2U, 3U, 99U, 0xFFFFFFFFU}) {
    for (const int count : {0, 1, 2, 3}) {
      Talk other{repeating_form()};
      auto& state = other.step().state;
      state = talk_.step().state;
      state.clear_cursor_instance();
      for (int i = 0; i < count; ++i) state.add_cursor_instance(time);
      for (auto& fact : *state.mutable_facts()) {
        if (fact.instance_size() > 0) fact.set_instance(0, time);
      }
      for (const char* words : {"one", "atras", "listo", "saltar", "cambiar"}) {
        other.say(words);
        EXPECT_FALSE(other.text().empty());
      }
    }
  }
}

struct Break {
  const char* name;
  std::string find, replace, problem;
};
void PrintTo(const Break& each, std::ostream* out) {
  *out << each.name;
}
class BrokenRepeatTest : public ::testing::TestWithParam<Break> {};

TEST_P(BrokenRepeatTest, IsRefusedWithItsReason) {
  std::string sections = kRepeatingSections;
  const auto at = sections.find(GetParam().find);
  ASSERT_NE(at, std::string::npos) << GetParam().find;
  sections.replace(at, GetParam().find.size(), GetParam().replace);
  const std::string problems = problems_of(small_form_source(sections));
  EXPECT_NE(problems.find(GetParam().problem), std::string::npos) << problems;
}

const std::string kWhileMore = "while_node: \"more\" max: 3";

INSTANTIATE_TEST_SUITE_P(
    Breaks, BrokenRepeatTest,
    ::testing::Values(
        Break{"no_max", kWhileMore, "while_node: \"more\"", "event: max is 1 to 99"},
        Break{"max_too_large", kWhileMore, "while_node: \"more\" max: 100", "max is 1 to 99"},
        Break{"neither", kWhileMore, "max: 3", "either while_node or for_each"},
        Break{"both", kWhileMore, "while_node: \"more\" for_each: \"harm\" max: 3",
              "either while_node or for_each"},
        Break{"unknown_while", kWhileMore, "while_node: \"nothing\" max: 3",
              "while_node is not one of its nodes: nothing"},
        Break{"while_of_its_group", kWhileMore, "while_node: \"person_more\" max: 3",
              "while_node is not one of its nodes: person_more"},
        Break{"while_in_the_middle", kWhileMore, "while_node: \"who\" max: 3",
              "while_node comes first or last: who"},
        Break{"while_without_yes", "@pick(yes affirms: true)", "@pick(yes)",
              "while_node is a single choice of which one affirms: more"},
        Break{"for_each_later", "for_each: \"who\"", "for_each: \"more\"",
              "for_each is not a question before it: more"},
        Break{"for_each_of_one_choice", "for_each: \"who\"", "for_each: \"role\"",
              "for_each is a multiple choice that is asked once: role"},
        Break{"exclude_unknown", "exclude: \"unknown\"", "exclude: \"nobody\"",
              "exclude: no such code: nobody"},
        Break{"group_in_group", "nodes { id: \"person_age\" @text(Person {item}) text {} }",
              "nodes { id: \"inner\" group { repeat { for_each: \"who\" max: 1 } } }",
              "inner: a group holds no group"},
        Break{"read_outside", "id: \"risk\"", "id: \"risk\" relevant: \"answered(more)\"",
              "asked several times, so here it has no one answer: more"},
        Break{"read_outside_its_group", "\"selected(harm,'threats')\"", "\"doer_count == 'one'\"",
              "asked several times, so here it has no one answer: doer_count"},
        Break{"item_outside", "@text(Risk)", "@text(Risk {item})",
              "{item} where nothing is asked several times"},
        Break{"jump_in", "@pick(low)", "@pick(low goto_node: \"harm\")",
              "risk: goes into a repeat from outside"},
        Break{"long_title", "@titles(Events)", "@titles(Events of these days, all)",
              "event: title too long to be numbered"},
        Break{"same_id", "id: \"people\"", "id: \"harm\"", "harm: a group needs its own id"},
        Break{"contradiction", "\"doer_count == 'several'\"", "\"not answered(who)\"",
              "doer_note: can never be asked: its condition contradicts its group's"}),
    [](const auto& each) { return std::string(each.param.name); });

TEST(RepeatTest, NothingRepeatsBeforeConsent) {
  std::string source = short_form_source();
  const std::string who = "sections {\n  id: \"who\"\n";
  source.replace(source.find(who), who.size(), who + "  repeat { while_node: \"role\" max: 2 }\n");
  EXPECT_NE(problems_of(source).find("who: nothing is asked several times before consent"),
            std::string::npos);
}

}  // namespace
}  // namespace resguardo::dialogue
