// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/understanding.h"

#include <algorithm>
#include <sstream>

#include "bot/dialogue/facts.h"
#include "bot/dialogue/fold.h"
#include "tests/bot/dialogue/form_fixture.h"

namespace resguardo::dialogue {
namespace {

std::string understood(const Heard& heard) {
  switch (heard.kind) {
    case Heard::Kind::kUnclear:
      return "?";
    case Heard::Kind::kSkip:
      return "skip";
    case Heard::Kind::kExplain:
      return "explain";
    case Heard::Kind::kGoOn:
      return "go on";
    case Heard::Kind::kWords:
      return "words";
    case Heard::Kind::kPart:
      return "part";
    case Heard::Kind::kChange:
      return "change";
    case Heard::Kind::kErase:
      return "erase";
    case Heard::Kind::kWhich:
      return "which";
    case Heard::Kind::kValue:
      return "value";
    case Heard::Kind::kCodes:
    case Heard::Kind::kPicking:
      break;
  }
  std::string codes;
  for (const auto& code : heard.codes) codes += (codes.empty() ? "" : " ") + code;
  return codes;
}

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> all;
  std::size_t from = 0;
  for (auto bar = line.find(" | "); bar != std::string::npos; bar = line.find(" | ", from)) {
    all.push_back(line.substr(from, bar - from));
    from = bar + 3;
  }
  all.push_back(line.substr(from));
  return all;
}

std::string heard(const std::string& node, const std::string& language, const std::string& words) {
  const auto& content = short_form()->content();
  pb::ConversationState state;
  const Facts facts(content, state, ChannelKind::kSignal, false);
  const auto& compiled = content.nodes.at(content.find(node));
  const Scene scene{content, compiled, content.language_index(language), facts, state, Day{}};
  const SecretText folded = fold(words);
  const WordsView pieces = split(folded.reveal());
  return understood(compiled.type->hear(scene, {words, pieces, std::nullopt}));
}

TEST(UnderstandingTest, MeansWhatPeopleMean) {
  ASSERT_NE(short_form(), nullptr);
  std::istringstream cases(
      read_text(testing_support::source_dir() / "tests/bot/dialogue/cases/understanding.txt"));
  std::size_t count = 0;
  for (std::string line; std::getline(cases, line);) {
    if (line.empty() || line.starts_with("#")) continue;
    const auto field = fields(line);
    ASSERT_EQ(field.size(), 4U) << line;
    EXPECT_EQ(heard(field[0], field[1], field[2]), field[3]) << line;
    ++count;
  }
  EXPECT_GT(count, 100U);
}

// Every title, code and number of every choice, in every language, as a person would copy it.
TEST(UnderstandingTest, EveryChoiceCanBeTyped) {
  ASSERT_NE(short_form(), nullptr);
  const auto& content = short_form()->content();
  for (const auto& node : content.nodes) {
    if (node.source->body_case() == pb::Node::kConsent) continue;  // "all" stands for others
    for (std::size_t i = 0; i < node.choices.size(); ++i) {
      const auto& choice = node.choices[i];
      for (std::size_t language = 0; language < content.languages.size(); ++language) {
        const std::string& code = content.languages[language];
        const std::string& title = choice.titles[language].title;
        const std::string wanted = heard(node.source->id(), code, std::to_string(i + 1));
        EXPECT_NE(wanted, "?") << node.source->id() << choice.code;
        EXPECT_EQ(heard(node.source->id(), code, title), wanted) << title;
        EXPECT_EQ(heard(node.source->id(), code, "¡" + title + "!"), wanted) << title;
        EXPECT_EQ(heard(node.source->id(), code, std::to_string(i + 1) + ". " + title), wanted);
        if (choice.code.size() < 2) continue;  // "1" is a row
        EXPECT_EQ(heard(node.source->id(), code, choice.code), wanted) << choice.code;
      }
    }
  }
}

TEST(UnderstandingTest, PhrasesMatchAsAWholeMessage) {
  const std::vector<std::string> phrases = {"Limón verde"};
  EXPECT_TRUE(matches_any(phrases, " limon VERDE!"));
  EXPECT_FALSE(matches_any(phrases, "el limon verde"));
  EXPECT_FALSE(matches_any({}, ""));
  EXPECT_FALSE(matches_any(std::vector<std::string>{"!!"}, "?"));
  EXPECT_FALSE(matches_any(phrases, std::string(5000, 'x')));
}

}  // namespace
}  // namespace resguardo::dialogue
