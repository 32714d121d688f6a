// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/text_rules.h"

#include <gtest/gtest.h>

#include "tests/bot/gateway/harness.h"

namespace resguardo::gateway {
namespace {

using testing_support::choice;
using testing_support::reply;

TEST(Utf16LengthTest, CountsUnits) {
  EXPECT_EQ(utf16_length(""), 0U);
  EXPECT_EQ(utf16_length("año"), 3U);
  EXPECT_EQ(utf16_length("سلام"), 4U);
  EXPECT_EQ(utf16_length("🙏"), 2U);
  EXPECT_EQ(utf16_length(std::string_view("a\0b", 3)), 3U);
}

TEST(Utf16LengthTest, RefusesWhatIsNotUtf8) {
  for (const char* text : {"\xFF", "\x80", "\xC3", "\xC0\xAF", "\xC1\x81", "\xE0\x80\xAF",
                           "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80",
                           "\xF5\x80\x80\x80", "\xE2\x82", "a\xE2\x28\xA1"}) {
    EXPECT_EQ(utf16_length(text), std::nullopt);
  }
  EXPECT_EQ(utf16_length("\xEE\x80\x80"), 1U);
  EXPECT_EQ(utf16_length("\xF4\x8F\xBF\xBF"), 2U);
}

TEST(NumberedTest, PutsChoicesBetweenPromptAndHint) {
  Reply question = reply("Are you safe?");
  question.choices = {choice("q:yes", "Yes"), choice("q:no", "No", "or not sure")};
  EXPECT_EQ(numbered(question, "Reply with the number.").reveal(),
            "Are you safe?\n\n1) Yes\n2) No – or not sure\n\nReply with the number.");
  EXPECT_EQ(numbered(reply("Hello"), "Reply with the number.").reveal(), "Hello");
}

TEST(CheckReplyTest, RefusesChoicesThatCannotBeShown) {
  const auto with = [](ReplyChoice one) {
    Reply question = reply("?");
    question.choices = {choice("q:a", "A"), std::move(one)};
    return check_reply(question).ok();
  };
  EXPECT_TRUE(with(choice("q:b", "B")));
  EXPECT_FALSE(with(choice("q:a", "B")));  // an id twice
  EXPECT_FALSE(with(choice("", "B")));
  EXPECT_FALSE(with(choice("q:b", "")));
  EXPECT_FALSE(with(choice("q b", "B")));
  EXPECT_FALSE(with(choice("q:b", "B\nC")));
  EXPECT_FALSE(with(choice("q:b", "B", "C\nD")));
  EXPECT_FALSE(with(choice("q:b", "\xC3")));
  EXPECT_TRUE(with(choice(std::string(256, 'i'), "B")));
  EXPECT_FALSE(with(choice(std::string(257, 'i'), "B")));
}

}  // namespace
}  // namespace resguardo::gateway
