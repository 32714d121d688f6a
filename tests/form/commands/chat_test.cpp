// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/form/form_cli.h"

namespace resguardo::testing_support {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ChatTest : public FormCliTest {
 protected:
  static std::string chat(const std::string& said, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"chat", short_form()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto result = run(arguments, said);
    EXPECT_EQ(result.code, 0) << result.err;
    return result.out;
  }
};

TEST_F(ChatTest, ShowsNumberedTextOnSignalAndButtonsOnWhatsApp) {
  EXPECT_THAT(chat("hola\n", {"--language", "en"}), HasSubstr("1) Yes, I can write"));
  EXPECT_THAT(chat("hola\n", {"--language", "en", "--channel", "whatsapp"}),
              HasSubstr("[1 Yes, I can write] [2 Not now] [3 I am in danger]"));
}

TEST_F(ChatTest, ShowsAListWithItsButton) {
  EXPECT_THAT(chat("hola\n/tap 1\n/tap mine\n", {"--language", "es", "--channel", "whatsapp"}),
              HasSubstr("[≡ Ver opciones]\n     1  A mí\n"));
}

TEST_F(ChatTest, TellsWhatWouldBeSealedOnlyWhenAsked) {
  const std::string said = "hola\nyes\nonly i\nto me\nadult\ni understand\nyes to all\nnever\n";
  const std::string sealed = chat(said, {"--language", "en", "--show-sealed"});
  EXPECT_THAT(sealed, HasSubstr("answer consent research publish"));
  EXPECT_THAT(chat(said, {"--language", "en"}), Not(HasSubstr("answer consent")));
}

TEST_F(ChatTest, TimePassesAndTheServerRestarts) {
  const std::string said =
      "hola\nyes\nonly i\nto me\nadult\ni understand\nyes to all\n/wait 31m\nhello\n/restart\nhi\n";
  const std::string shown = chat(said, {"--language", "en"});
  EXPECT_THAT(shown, HasSubstr("(31 minutes pass)\n> hello\n\n  Before we start: can you write"));
  EXPECT_THAT(shown, HasSubstr("(the server was restarted)"));
}

TEST_F(ChatTest, AButtonThatIsNotThereIsNotPressed) {
  const auto shown = chat("hola\n/tap nosuch\n/tap 9\n", {"--channel", "whatsapp"});
  EXPECT_THAT(shown,
              HasSubstr("> /tap nosuch\n  (no button has the code nosuch; there are es en)\n> "));
  EXPECT_THAT(shown, HasSubstr("(no button has the code 9; there are es en)"));
}

TEST_F(ChatTest, SaysOnceThatAnyTeamCodeIsGoodHere) {
  const std::string form = (source_dir() / "proto/forms/border_abuse").string();
  const std::string said =
      "hello\nyes, it is my phone\ni am on the team\nwhat?\nback\ni am on the team\n";
  const auto shown = run({"chat", form, "--language", "en"}, said).out;
  const std::string remark = "(here any code is good; on a server only those that";
  const auto first = shown.find(remark);
  ASSERT_NE(first, std::string::npos) << shown;
  EXPECT_EQ(shown.find(remark, first + 1), std::string::npos);
  EXPECT_THAT(chat("hola\nyes\n", {"--language", "en"}), Not(HasSubstr(remark)));
}

TEST_F(ChatTest, RefusesALanguageThatTheFormHasNot) {
  const auto result = run({"chat", short_form(), "--language", "de"}, "");
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("not a language of this form: de"));
}

TEST_F(ChatTest, ControlCharactersOfAFormDoNotReachTheTerminal) {
  std::string form = content(short_form());
  const std::string hello = "Hello. Choose your language.";
  form.replace(form.find(hello), hello.size(), "Hello \\033[2J language.");
  const auto result = run({"chat", put("f.txtpb", form)}, "hola\n");
  EXPECT_THAT(result.out, Not(HasSubstr("\033[2J")));
}

}  // namespace
}  // namespace resguardo::testing_support
