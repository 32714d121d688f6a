// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/neutral_words.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/support/paths.h"

namespace resguardo::commands {
namespace {

// The short form with a list of its own.
std::shared_ptr<const dialogue::Form> form() {
  std::ifstream stream(testing_support::source_dir() / "proto/forms/border_abuse_short.txtpb");
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  text += "\nsensitive { language: \"es\" words: \"violación\" words: \"derechos\" }\n";
  std::vector<dialogue::FormProblem> problems;
  auto compiled = dialogue::Form::compile(as_bytes(text), problems);
  return compiled.ok() ? compiled.value() : nullptr;
}
std::vector<std::string> settings_told(const config::Dialogue& dialogue) {
  std::vector<std::string> where;
  for (const auto& each : betraying_words(dialogue, *form())) where.push_back(each.where);
  return where;
}

TEST(NeutralWordsTest, HarmlessWordsAreNotTold) {
  ASSERT_NE(form(), nullptr);
  config::Dialogue dialogue;
  dialogue.cover_text = {{"es", "Gracias por escribir. Hoy no abrimos."}};
  dialogue.start_words = {"girasol"};
  dialogue.organisation = "Casa Ejemplo";
  EXPECT_TRUE(settings_told(dialogue).empty());
}

TEST(NeutralWordsTest, TellsEachSettingThatBetrays) {
  config::Dialogue dialogue;
  dialogue.cover_text = {{"es", "Hay sol."}, {"en", "¿Su VIOLACION?"}};
  dialogue.start_words = {"girasol", "mis derechos"};
  dialogue.panic_words = {"derechos"};
  dialogue.resume_words = {"Violación"};
  dialogue.organisation = "Derechos Para Todos";
  EXPECT_EQ(settings_told(dialogue),
            (std::vector<std::string>{"[dialogue] cover_text.en", "[dialogue] start_words",
                                      "[dialogue] panic_words", "[dialogue] resume_words",
                                      "[dialogue] organisation"}));
}

TEST(NeutralWordsTest, AWordInsideAnotherIsNone) {
  config::Dialogue dialogue;
  dialogue.start_words = {"derechosa"};
  EXPECT_TRUE(settings_told(dialogue).empty());
}

}  // namespace
}  // namespace resguardo::commands
