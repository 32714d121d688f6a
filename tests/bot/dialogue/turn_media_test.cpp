// SPDX-License-Identifier: AGPL-3.0-or-later
#include "proto/record.pb.h"
#include "tests/bot/dialogue/small_form.h"

namespace resguardo::dialogue {
namespace {

const char* const kSections = R"form(
sections {
  id: "event" @titles(Event)
  repeat { while_node: "more" max: 2 }
  nodes { id: "told" @text(Told) narrative {} }
  nodes { id: "what" @text(What) single_choice { @pick(one) @pick(two) } }
  nodes { id: "line" @text(Line) text {} }
  nodes { id: "files" @text(Files) media { max_count: 3 } }
  nodes { id: "shown" relevant: "answered(files)" @text(Shown) text {} }
  nodes { id: "more" @text(More) single_choice { @pick(yes affirms: true) @pick(no denies: true) } }
}
)form";

Attachment file(std::uint32_t index = 0) {
  return {false, SecretText("CANARY caption"), "image/jpeg", true, index};
}
Attachment voice() {
  return {true, SecretText(), "audio/ogg", false, 7};
}

class TurnMediaTest : public ::testing::Test {
 protected:
  static std::shared_ptr<const Form> form() {
    static const std::shared_ptr<const Form> kForm = compiled(small_form_source(kSections));
    return kForm;
  }
  void SetUp() override {
    ASSERT_NE(form(), nullptr);
    talk_.settings.media = true;
    ASSERT_EQ(talk_.consent(), "told");
  }
  std::string act(const Said& said) { return talk_.act(said), talk_.at(); }
  const Given& last() { return talk_.step().given.back(); }
  Talk talk_{form()};
};

TEST_F(TurnMediaTest, AStoryTakesVoiceNotesAndWordsInOrder) {
  EXPECT_EQ(act(voice()), "told");
  EXPECT_EQ(last().kind, Given::Kind::kMedia);
  EXPECT_TRUE(last().media->voice);
  EXPECT_EQ(last().media->mime, "audio/ogg");
  EXPECT_EQ(last().media->index, 7U);
  EXPECT_EQ(last().part, 0U);
  EXPECT_EQ(last().instance, std::vector<std::uint32_t>{0});
  talk_.say("y con palabras");
  EXPECT_EQ(last().part, 1U);
  EXPECT_EQ(talk_.say("listo"), "what");
}

TEST_F(TurnMediaTest, AQuestionInWordsIsAnsweredByVoice) {
  talk_.say({"saltar", "one"});
  EXPECT_EQ(act(voice()), "files");
  EXPECT_EQ(last().node, "line");
}

TEST_F(TurnMediaTest, AFileAtAChoiceIsSealedAndTheQuestionStays) {
  talk_.say("saltar");
  EXPECT_EQ(act(file()), "what");
  EXPECT_EQ(last().node, "what");
  EXPECT_TRUE(last().media->forwarded);
  EXPECT_EQ(last().media->caption.reveal(), "CANARY caption");
  EXPECT_EQ(talk_.text().find("CANARY"), std::string::npos);
  EXPECT_EQ(act(voice()), "what") << "a choice is not answered by voice";
  EXPECT_EQ(talk_.say("one"), "line");
}

TEST_F(TurnMediaTest, FilesAreTakenUntilDoneOrUntilThereAreEnough) {
  talk_.say({"saltar", "one", "saltar"});
  EXPECT_EQ(talk_.choices(), "files.0:_skip");
  EXPECT_EQ(act(file()), "files");
  EXPECT_EQ(talk_.choices(), "files.0:_done");
  EXPECT_EQ(talk_.say("listo"), "shown");
  talk_.say({"es mi mano", "yes", "saltar", "saltar", "saltar"});
  for (std::uint32_t i = 0; i < 2; ++i) EXPECT_EQ(act(file(i)), "files");
  EXPECT_EQ(act(file(2)), "shown") << "three are enough";
  EXPECT_EQ(last().part, 2U);
}

TEST_F(TurnMediaTest, NoFileIsNoAnswer) {
  talk_.say({"saltar", "one", "saltar", "saltar"});
  EXPECT_EQ(talk_.at(), "more");
}

TEST_F(TurnMediaTest, AServerThatCannotKeepFilesSaysSoAndAsksForNone) {
  talk_.settings.media = false;
  EXPECT_EQ(act(voice()), "told");
  EXPECT_EQ(last().kind, Given::Kind::kEvent);
  EXPECT_NE(talk_.text().find("no podemos recibir"), std::string::npos);
  talk_.say({"saltar", "one", "saltar"});
  EXPECT_EQ(talk_.at(), "more");
}

TEST_F(TurnMediaTest, BeforeConsentNothingIsTaken) {
  Talk early{form()};
  early.settings.media = true;
  early.say({"hola", "es"});
  early.act(file());
  EXPECT_TRUE(early.step().given.empty());
  EXPECT_EQ(early.step().state.held_size(), 1) << "the language";
}

TEST_F(TurnMediaTest, AfterARestartAVoiceNoteGoesOnWithTheStory) {
  act(voice());
  talk_.restart();
  EXPECT_EQ(act(voice()), "told");
  EXPECT_EQ(last().part, 1U);
}

TEST_F(TurnMediaTest, AFileThatIsNotTakenLeavesANoteAndIsNoAnswer) {
  talk_.say({"saltar", "one", "saltar"});
  Attachment large = file();
  large.refusal = FileRefusal::kTooLarge;
  EXPECT_EQ(act(std::move(large)), "files");
  const auto& given = talk_.step().given;
  ASSERT_EQ(given.size(), 2U);
  EXPECT_EQ(given[0].kind, Given::Kind::kEvent);
  EXPECT_EQ(given[0].event, pb::EVENT_MEDIA_REFUSED);
  EXPECT_EQ(given[0].event_detail, "file_too_large");
  EXPECT_EQ(given[1].text.reveal(), "CANARY caption");
  Attachment program = voice();
  program.refusal = FileRefusal::kKind;
  EXPECT_EQ(act(std::move(program)), "files");
  EXPECT_EQ(last().event_detail, "voice_kind");
}

}  // namespace
}  // namespace resguardo::dialogue
