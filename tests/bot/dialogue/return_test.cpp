// SPDX-License-Identifier: AGPL-3.0-or-later
// Who comes back with a receipt, for the engine alone; conversations: tests/scenario/*_return_*.
#include <gmock/gmock.h>

#include "bot/dialogue/evened.h"
#include "form/transcript/shelf.h"
#include "tests/bot/dialogue/small_form.h"

namespace resguardo::dialogue {
namespace {

using form::Shelf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ReturnEngineTest : public ::testing::Test {
 protected:
  ReturnEngineTest() : talk_(short_form()) {
    talk_.settings.receipt_fits = [](std::string_view digits) { return digits == Shelf::kReceipt; };
  }
  const Step& try_receipt(const std::string& text = std::string(Shelf::kReceipt)) {
    return talk_.act(Words{SecretText(text)});
  }
  Talk talk_;
};

TEST_F(ReturnEngineTest, ATryChangesNothingAndSaysNothing) {
  const std::string before = talk_.step().state.SerializeAsString();
  const Step& step = try_receipt("1234 5678-9012.3456 7890 1234\n");
  EXPECT_EQ(step.effect, Effect::kTryReceipt);
  EXPECT_EQ(step.receipt.reveal(), Shelf::kReceipt);
  EXPECT_FALSE(step.prompt);
  EXPECT_EQ(step.state.SerializeAsString(), before);
}

TEST_F(ReturnEngineTest, WordsAroundItOrAnotherLengthMakeItNone) {
  for (const char* text : {"mi código 123456789012345678901234", "12345678901234567890123",
                           "1234567890123456789012345", "1234+5678 9012 3456 7890 1234", ""})
    EXPECT_NE(try_receipt(text).effect, Effect::kTryReceipt) << text;
}

TEST_F(ReturnEngineTest, WithoutTheSettingItIsWords) {
  talk_.settings.receipt_fits = nullptr;
  EXPECT_EQ(try_receipt().effect, Effect::kNone);
  EXPECT_EQ(talk_.at(), "start_language");
}

TEST_F(ReturnEngineTest, InAnOpenReportItIsAnAnswer) {
  talk_.consent();
  EXPECT_EQ(try_receipt().effect, Effect::kContinue);
}

TEST_F(ReturnEngineTest, TheStayIsNotDurable) {
  try_receipt();
  talk_.act(Tried{Tried::Verdict::kRight, 2});
  EXPECT_EQ(talk_.step().state.phase(), pb::ConversationState::PHASE_RETURNED);
  EXPECT_EQ(durable_part(*short_form(), talk_.step().state).ByteSizeLong(), 0U);
  EXPECT_THAT(talk_.step().state.progress().report_id(), IsEmpty());
}

// Whatever came of it, and wherever it was tried: one length in JSON, and no buttons.
TEST_F(ReturnEngineTest, AnswersAreOfOneLength) {
  for (const std::vector<const char*>& before : {std::vector<const char*>{},
                                                 {"hola"},
                                                 {"hola", "2"},
                                                 {"hola", "1", "1"},
                                                 {"hola", "1", "1", "1"},
                                                 {"hola", "1", "1", "2"},
                                                 {"hola", "1", "1", "2", "tengo un código"}}) {
    std::vector<std::size_t> lengths;
    for (const Tried& tried : {Tried{Tried::Verdict::kRight, 0}, Tried{Tried::Verdict::kRight, 31},
                               Tried{Tried::Verdict::kWrong, 0}}) {
      Talk talk(short_form());
      for (const char* text : before) talk.say(text);
      talk.act(tried);
      ASSERT_TRUE(talk.step().prompt);
      EXPECT_THAT(talk.step().prompt->choices, IsEmpty());
      lengths.push_back(length_in_json(talk.text()));
    }
    EXPECT_EQ(lengths[0], lengths[1]);
    EXPECT_EQ(lengths[0], lengths[2]) << before.size();
  }
}

TEST_F(ReturnEngineTest, AButtonConfirmsThePurposeItWasShownForAndNoOther) {
  talk_.act(Tried{Tried::Verdict::kRight, 0});
  for (const char* text : {"1", "1", "1"}) talk_.say(text);
  ASSERT_EQ(talk_.tap("wd_what:stop_publish"), "wd_confirm");
  EXPECT_EQ(talk_.choices(), "wd_confirm:stop_publish/yes wd_confirm:stop_publish/no");
  ASSERT_EQ(talk_.tap("wd_confirm:stop_publish/no"), "wd_what");
  ASSERT_EQ(talk_.tap("wd_what:stop_legal"), "wd_confirm");
  const std::string asked = talk_.text();
  for (const char* stale : {"wd_confirm:stop_publish/yes", "wd_confirm:stop_publish/no",
                            "wd_confirm:yes", "wd_confirm:/yes", "wd_confirm:stop_legal/maybe",
                            "wd_confirm_all:yes", "wd_confirm:stop_legal/stop_legal/yes"}) {
    ASSERT_EQ(talk_.tap(stale), "wd_confirm") << stale;
    EXPECT_EQ(talk_.step().effect, Effect::kNone) << stale;
    EXPECT_THAT(talk_.text(), HasSubstr(asked)) << stale;
  }
  talk_.tap("wd_confirm:stop_legal/yes");
  EXPECT_EQ(talk_.step().effect, Effect::kWithdraw);
  EXPECT_THAT(talk_.step().withdraws, ::testing::ElementsAre("accountability"));
}

TEST(EvenedTest, CountsWhatJsonWrites) {
  EXPECT_EQ(length_in_json("a\nb\"\\"), 8U);
  EXPECT_EQ(length_in_json(std::string_view("\x01", 1)), 6U);
  EXPECT_EQ(length_in_json("ñ/"), 3U);
  EXPECT_EQ(length_in_json(""), 0U);
}

// A form that is broken in one place of its return is refused with the reason.
struct Broken {
  const char* find;
  const char* replace;
  const char* problem;
};
TEST(ReturnFormTest, IsHeldToItsShape) {
  for (const Broken& each : {
           Broken{"    code: \"wd_code\"\n", "", "returning.code is missing"},
           Broken{"reply: \"m_reply\"", "reply: \"wd_code\"", "of another type"},
           Broken{"left: \"m_wd_left\"", "left: \"m_end\"", "not in the section of the others"},
           Broken{"returning: RETURN_READ", "", "a choice that does nothing: read"},
           Broken{"returning: RETURN_LEAVE", "returning: RETURN_READ", "leaving are all offered"},
           Broken{"withdraws: \"publish\"", "withdraws: \"nobody\"", "nobody is asked for: nobody"},
           Broken{"{reply}\\n\\nType", "Type", "{reply} stands once"},
           Broken{"{chosen}: do you", "Do you", "{chosen} stands once"},
           Broken{"confirm_all: \"wd_confirm_all\"", "confirm_all: \"wd_confirm\"",
                  "a yes would mean either"},
           Broken{"    waits: \"m_add_waits\"\n", "", "returning.waits is missing"},
           Broken{"delete it all\" }\n        affirms: true", "delete it all\" }", "one yes"},
       }) {
    std::string source = short_form_source();
    const auto at = source.find(each.find);
    ASSERT_NE(at, std::string::npos) << each.find;
    source.replace(at, std::string_view(each.find).size(), each.replace);
    EXPECT_THAT(problems_of(source), HasSubstr(each.problem)) << each.find;
  }
}

}  // namespace
}  // namespace resguardo::dialogue
