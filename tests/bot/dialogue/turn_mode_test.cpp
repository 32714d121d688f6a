// SPDX-License-Identifier: AGPL-3.0-or-later
#include "proto/questionnaire.pb.h"
#include "proto/record.pb.h"
#include "tests/bot/dialogue/small_form.h"

namespace resguardo::dialogue {
namespace {

const char* const kThreeSections = R"form(
sections {
  id: "depth" @titles(Depth)
  nodes {
    id: "how" required: true @text(How) single_choice {
      @pick(guided mode: MODE_GUIDED)
      @pick(first mode: MODE_STORY_FIRST)
      @pick(quick mode: MODE_QUICK)
    }
  }
}
sections {
  id: "event" @titles(Event)
  repeat { while_node: "more" max: 2 }
  nodes { id: "what" @text(What) single_choice { @pick(one) @pick(two) } }
  nodes { id: "deep" modes: MODE_GUIDED modes: MODE_STORY_FIRST @text(Deep) text {} }
  nodes {
    id: "people"
    modes: MODE_GUIDED
    group {
      repeat { while_node: "person" max: 2 }
      nodes { id: "person" @text(Person) single_choice { @pick(add affirms: true) @pick(enough) } }
    }
  }
  nodes { id: "told" first_in: MODE_STORY_FIRST @text(Told) narrative {} }
  nodes { id: "where" @text(Where) single_choice { @pick(here) @pick(there) } }
  nodes {
    id: "more" modes: MODE_GUIDED modes: MODE_STORY_FIRST
    @text(More) single_choice { @pick(yes affirms: true) @pick(no denies: true) }
  }
}
commands { kind: COMMAND_MODE mode: MODE_QUICK words { words: "RAPIDO" } }
commands { kind: COMMAND_MODE mode: MODE_GUIDED words { words: "GUIADO" } }
commands { kind: COMMAND_MODE mode: MODE_STORY_FIRST words { words: "CUENTO" } }
commands { kind: COMMAND_MODE mode: MODE_VOICE words { words: "HABLADO" } }
)form";

using Lines = std::vector<std::string>;

std::shared_ptr<const Form> form() {
  static const std::shared_ptr<const Form> kForm = compiled(small_form_source(kThreeSections));
  return kForm;
}

class TurnModeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(form(), nullptr);
    ASSERT_EQ(talk_.consent(), "how");
  }
  std::string mode_event(const char* name) {
    return "=event " + std::to_string(pb::EVENT_MODE) + ' ' + name;
  }
  Talk talk_{form()};
};

TEST_F(TurnModeTest, QuickAsksLess) {
  EXPECT_EQ(talk_.say("quick"), "what");
  EXPECT_EQ(talk_.sealed, (Lines{"how=quick ", "how" + mode_event("quick")}));
  EXPECT_EQ(talk_.say("one"), "told");
  EXPECT_EQ(talk_.say({"saltar", "here"}), "review") << "and no word of another event";
}

TEST_F(TurnModeTest, GuidedIsWhatItIsAnywayAndNoEvent) {
  talk_.say("guided");
  EXPECT_EQ(talk_.sealed, Lines{"how=guided "});
  EXPECT_EQ(talk_.say({"one", "hondo"}), "person");
  EXPECT_EQ(talk_.say({"enough", "saltar", "here"}), "more");
}

TEST_F(TurnModeTest, TheStoryComesFirstInEachEvent) {
  EXPECT_EQ(talk_.say("first"), "told");
  EXPECT_EQ(talk_.say({"la historia", "listo"}), "what");
  EXPECT_EQ(talk_.say({"one", "hondo"}), "where") << "the story is told already";
  EXPECT_EQ(talk_.say({"here", "yes"}), "told");
  EXPECT_EQ(talk_.say({"otra", "listo"}), "what");
  EXPECT_EQ(talk_.last_sealed(), "told[1]=otra");
  EXPECT_EQ(talk_.say("atras"), "told");
}

TEST_F(TurnModeTest, AWordChangesTheDepthFromHereOn) {
  talk_.say({"quick", "one", "a", "listo"});
  EXPECT_EQ(talk_.at(), "where");
  EXPECT_EQ(talk_.say("guiado"), "deep") << "this part asks what it had left out";
  EXPECT_EQ(talk_.last_sealed(), "where" + mode_event("guided"));
  EXPECT_EQ(talk_.say("hondo"), "person");
  EXPECT_EQ(talk_.say("rapido"), "where") << "and leaves it out again";
  EXPECT_EQ(talk_.say("here"), "review");
  EXPECT_NE(talk_.text().find("• Event ✓ (2)"), std::string::npos) << "what was told stays told";
}

TEST_F(TurnModeTest, TheStoryIsAskedFirstWhenThatIsWished) {
  talk_.say({"guided", "one"});
  EXPECT_EQ(talk_.say("cuento"), "told");
  EXPECT_EQ(talk_.say({"x1", "listo"}), "deep");
  const auto before = talk_.sealed.size();
  EXPECT_EQ(talk_.say("cuento"), "deep") << "it is so already";
  EXPECT_EQ(talk_.sealed.size(), before);
}

TEST_F(TurnModeTest, NobodyIsLedToSpeakWhereVoiceIsNotKept) {
  talk_.say({"guided", "one"});
  EXPECT_EQ(talk_.say("hablado"), "deep");
  EXPECT_NE(talk_.step().state.mode(), static_cast<unsigned>(pb::MODE_VOICE));
  talk_.settings.media = true;
  talk_.say("hablado");
  EXPECT_EQ(talk_.step().state.mode(), static_cast<unsigned>(pb::MODE_VOICE));
}

TEST_F(TurnModeTest, InSafetyItOnlySwitches) {
  talk_.say({"guided", "one"});
  talk_.wait(std::chrono::minutes(40));
  EXPECT_EQ(talk_.say("hola"), "safety_now");
  EXPECT_EQ(talk_.say("rapido"), "safety_now");
  EXPECT_EQ(talk_.step().state.mode(), static_cast<unsigned>(pb::MODE_QUICK));
}

TEST_F(TurnModeTest, ARestartForgetsNoDepth) {
  talk_.say({"quick", "one"});
  talk_.restart();
  EXPECT_EQ(talk_.say("guiado"), "deep");
}

TEST(TurnModeBeforeConsentTest, AMinorStaysOneAndAMistakeDoesNot) {
  Talk talk{form()};
  EXPECT_EQ(talk.say({"hola", "es", "si", "solo yo", "A mí", "no"}), "minor_continue");
  EXPECT_EQ(talk.step().state.mode(), static_cast<unsigned>(pb::MODE_MINOR));
  talk.say("guiado");
  EXPECT_EQ(talk.step().state.mode(), static_cast<unsigned>(pb::MODE_MINOR));
  talk.say({"atras", "si"});
  EXPECT_EQ(talk.at(), "consent_intro");
  EXPECT_EQ(talk.step().state.mode(), 0U) << "said to be an adult after all";
}

TEST(TurnModeFormTest, RefusesModesThatNobodyMayTypeAndOrdersThatCannotBe) {
  std::string sections = kThreeSections;
  const auto replaced = [&](const std::string& find, const std::string& by) {
    std::string other = sections;
    other.replace(other.find(find), find.size(), by);
    return problems_of(small_form_source(other));
  };
  EXPECT_NE(replaced("mode: MODE_QUICK words", "mode: MODE_MINOR words").find("COMMAND_MODE leads"),
            std::string::npos);
  EXPECT_NE(replaced("kind: COMMAND_MODE", "kind: COMMAND_HELLO").find("only COMMAND_MODE has"),
            std::string::npos);
  EXPECT_NE(replaced("\"GUIADO\"", "\"RAPIDO\"").find("means two different things"),
            std::string::npos);
  EXPECT_NE(replaced("id: \"told\"", "id: \"told\" relevant: \"what == 'one'\"")
                .find("asked only later: what"),
            std::string::npos)
      << "where it comes first, what comes before it elsewhere is not known yet";
  EXPECT_NE(replaced("id: \"person\"", "id: \"person\" first_in: MODE_QUICK")
                .find("first_in is not for groups"),
            std::string::npos);
  EXPECT_NE(replaced("id: \"more\"", "id: \"more\" first_in: MODE_QUICK")
                .find("while_node has its place"),
            std::string::npos);
}

}  // namespace
}  // namespace resguardo::dialogue
