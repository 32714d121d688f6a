// SPDX-License-Identifier: AGPL-3.0-or-later
// Who types a team code: docs/adr/120. On the whole questionnaire.
#include <gtest/gtest.h>

#include "bot/dialogue/step.h"
#include "tests/bot/dialogue/whole_form.h"

namespace resguardo::dialogue {
namespace {

constexpr const char* kCode = "7K2Q-M4XD-ZR9T";

struct Interviewer {
  Interviewer() {
    settings.team_code = [this](std::string_view typed) {
      ++asked;
      return typed == kCode ? std::optional<std::string>("team-7") : std::nullopt;
    };
    for (const char* line : {"hello", "english", "yes, it is my phone"}) say(line);
  }
  std::string say(const std::string& words) { return hear(Words{SecretText(words)}); }
  std::string hear(const Said& said) {
    now += std::chrono::seconds(5);
    Circumstances around(ChannelKind::kSignal, true);
    around.refuses_codes = refuses;
    last = advance(*whole_form(), settings, last.state, true, around, said, now);
    EXPECT_TRUE(last.given.empty() || last.effect != Effect::kNone);
    return last.prompt ? last.prompt->node : "";
  }
  std::string text() const { return last.prompt ? last.prompt->text : ""; }

  int asked = 0;
  bool refuses = false;
  Settings settings;
  Step last;
  TimePoint now{std::chrono::milliseconds(1'795'000'000'000)};
};

TEST(TeamCodeTest, ARightOneGoesOnAndItsHandleIsSealed) {
  Interviewer one;
  ASSERT_EQ(one.say("i am on the team"), "int_code");
  EXPECT_EQ(one.last.tried_code, TriedCode::kNone);
  EXPECT_EQ(one.say(kCode), "int_source");
  EXPECT_EQ(one.last.tried_code, TriedCode::kRight);
  EXPECT_EQ(one.last.state.SerializeAsString().find("7K2Q"), std::string::npos);
  one.say("1");
  one.say("41");
  ASSERT_EQ(one.last.prompt->node, "consent");
  one.say("yes to all");
  ASSERT_EQ(one.last.effect, Effect::kBeginReport);
  int sealed = 0;
  for (const auto& given : one.last.given) {
    for (const auto& held : {given.text.reveal(), given.raw.reveal()})
      EXPECT_EQ(held.find("7K2Q"), std::string_view::npos) << given.node;
    if (given.node != "int_code") continue;
    ++sealed;
    EXPECT_EQ(given.text.reveal(), "team-7");
    EXPECT_TRUE(given.identity);
  }
  EXPECT_EQ(sealed, 1);
}

// They thought better of it, and tell what happened to themselves.
TEST(TeamCodeTest, WhoTakesTheRoleBackLeavesNoHandle) {
  Interviewer one;
  one.say("i am on the team");
  ASSERT_EQ(one.say(kCode), "int_source");
  one.say("back");
  ASSERT_EQ(one.say("back"), "role");
  ASSERT_EQ(one.say("to me"), "age");
  one.say("2");
  ASSERT_EQ(one.last.prompt->node, "consent");
  one.say("yes to all");
  ASSERT_EQ(one.last.effect, Effect::kBeginReport);
  for (const auto& given : one.last.given) EXPECT_NE(given.node, "int_code");
  EXPECT_FALSE(one.last.given.empty());
}

// All refusals alike, and like a row of the menu that is not there.
TEST(TeamCodeTest, RefusalsAreAlike) {
  Interviewer wrong, limited, nobody, menu;
  limited.refuses = true;
  nobody.settings.team_code = nullptr;
  for (Interviewer* each : {&wrong, &limited, &nobody}) each->say("i am on the team");
  const std::string question = wrong.text();
  const std::string menus = menu.text();
  for (int i = 0; i < 4; ++i) {
    wrong.say("7K2Q-M4XD-ZR9A");
    limited.say(kCode);
    nobody.say(kCode);
    menu.say("zzzz");
    for (const Interviewer* each : {&wrong, &limited, &nobody}) {
      EXPECT_EQ(each->last.prompt->node, "int_code");
      EXPECT_EQ(each->text(), wrong.text()) << i;
      EXPECT_EQ(each->last.tried_code, TriedCode::kWrong);
      EXPECT_EQ(each->last.effect, Effect::kNone);
      EXPECT_TRUE(each->last.given.empty());
      EXPECT_EQ(each->last.state.SerializeAsString().find("7K2Q"), std::string::npos);
    }
    // A menu also says how a row is picked.
    const std::string refusal = wrong.text().substr(0, wrong.text().find(question));
    EXPECT_TRUE(menu.text().substr(0, menu.text().find(menus)).ends_with(refusal)) << i;
  }
  EXPECT_EQ(limited.asked, 4) << "a refusal costs the same look";
}

TEST(TeamCodeTest, NothingElseLeadsPastIt) {
  Interviewer one;
  one.say("i am on the team");
  for (const char* words : {"skip", "done", "1", "ok", "guided", "quick", "help", "menu", "why"}) {
    EXPECT_EQ(one.say(words), "int_code") << words;
  }
  for (const Said& said :
       {Said(Tap{"int_code:_skip"}), Said(Tap{"int_code:_continue"}), Said(Tap{"int_source:self"}),
        Said(Tap{"consent:all"}), Said(Attachment{}), Said(NotForUs{}), Said(Hello{})}) {
    EXPECT_EQ(one.hear(said), "int_code");
  }
  EXPECT_EQ(one.say("back"), "role") << "who pressed it by mistake goes back";
}

}  // namespace
}  // namespace resguardo::dialogue
