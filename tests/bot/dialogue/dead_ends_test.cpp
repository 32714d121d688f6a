// SPDX-License-Identifier: AGPL-3.0-or-later
// Where random walks through the whole form found nowhere to go.
#include <gmock/gmock.h>

#include "tests/bot/dialogue/small_form.h"

namespace resguardo::dialogue {
namespace {

using ::testing::SizeIs;

const char* const kSections = R"form(
sections {
  id: "event" @titles(Event)
  nodes { id: "help" @text(Help) multiple_choice { at_most: 2 @pick(one) @pick(two) @pick(three) } }
  nodes { id: "after" @text(After) text {} }
}
)form";

TEST(DeadEnds, TheLastPickThereIsRoomForIsTheAnswer) {
  Talk talk(compiled(small_form_source(kSections)));
  ASSERT_EQ(talk.consent(), "help");
  EXPECT_EQ(talk.tap("help:three"), "help");
  EXPECT_EQ(talk.tap("help:one"), "after");
  EXPECT_EQ(talk.sealed.back(), "help=three one ");
}

TEST(DeadEnds, MoreThanMayBePickedIsAskedAgain) {
  Talk talk(compiled(small_form_source(kSections)));
  ASSERT_EQ(talk.consent(), "help");
  EXPECT_EQ(talk.say("1 2 3"), "help");
  EXPECT_EQ(talk.say("1 2"), "after");
}

// Before a language is chosen the help comes in all of them: too long for a message with rows.
TEST(DeadEnds, WhatIsTooLongForRowsComesWithoutThem) {
  std::string source = small_form_source(kSections);
  const std::string help = "id: \"m_help\"";
  auto at = source.find("full: \"", source.find(help));
  ASSERT_NE(at, std::string::npos);
  source.insert(at + 7, std::string(700, 'x'));
  at = source.find("full: \"", at + 707);
  source.insert(at + 7, std::string(700, 'x'));
  Talk talk(compiled(source));
  talk.channel = ChannelKind::kWhatsApp;
  talk.say("hola");
  const Step& step = talk.act(Words{SecretText("ayuda")});
  ASSERT_TRUE(step.prompt);
  EXPECT_THAT(step.prompt->choices, SizeIs(0));
  EXPECT_GT(step.prompt->text.size(), 1400U);
  EXPECT_EQ(talk.say("español"), "safety_now");
}

}  // namespace
}  // namespace resguardo::dialogue
