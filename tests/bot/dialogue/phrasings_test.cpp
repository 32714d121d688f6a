// SPDX-License-Identifier: AGPL-3.0-or-later
// What people type, in five languages, and what it means: cases/phrasings/*.tsv. Each line is
// question, language, words, meaning. "Today" is Thursday, 20 March 2025.
#include <set>
#include <sstream>

#include "bot/dialogue/facts.h"
#include "bot/dialogue/fold.h"
#include "bot/dialogue/question_type.h"
#include "tests/bot/dialogue/values_form.h"

namespace resguardo::dialogue {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};

std::string described(const Value& value) {
  return std::visit(
      Overloaded{[](std::monostate) { return std::string(); },
                 [](std::int64_t number) { return std::to_string(number); },
                 [](const DateValue& date) { return date.edtf + ' ' + date.precision; },
                 [](const PlaceValue& place) { return "=" + place.code; },
                 [](const MoneyValue& money) {
                   return std::to_string(money.minor_units) + ' ' +
                          (money.currency.empty() ? "?" : money.currency);
                 }},
      value);
}

std::string described(const Heard& heard) {
  switch (heard.kind) {
    case Heard::Kind::kUnclear:
      return "?";
    case Heard::Kind::kSkip:
      return "skip";
    case Heard::Kind::kWords:
      return "words";
    case Heard::Kind::kPart:
      return "part";
    case Heard::Kind::kWhich:
      return "which";
    case Heard::Kind::kCodes:
    case Heard::Kind::kPicking:
    case Heard::Kind::kValue:
      break;
    default:
      return "other";
  }
  std::string text = described(heard.value);
  if (!text.empty()) return text;
  for (const auto& code : heard.codes) text += (text.empty() ? "" : " ") + code;
  return text;
}

std::string command_name(const Form::Content& form, const std::string& words) {
  if (words.size() > kLongestFolded) return {};
  auto found = form.commands.find(fold_name(words));
  if (found == form.commands.end()) {
    found = form.commands.find(std::string(trim_sign(words).reveal()));
  }
  if (found == form.commands.end()) return {};
  const std::string name = pb::CommandKind_Name(found->second.kind);
  return "!" + name.substr(name.find('_') + 1);
}

// As the engine does it: an order if the whole message is one, else what the question makes of it.
// "place@MX": in Mexico, as was answered before.
std::string meaning(std::string node, const std::string& language, const std::string& words) {
  const auto form = ValuesForm::get();
  if (form == nullptr) return "no form";
  const auto& content = form->content();
  if (std::string command = command_name(content, words); !command.empty()) return command;
  pb::ConversationState state;
  if (const auto at = node.find('@'); at != std::string::npos) {
    auto* fact = state.add_facts();
    fact->set_node("country");
    fact->add_codes(node.substr(at + 1));
    node.resize(at);
  }
  const Facts facts(content, state, ChannelKind::kSignal, false);
  const auto index = content.find(node);
  if (index == kNoIndex) return "no such question: " + node;
  const auto& compiled = content.nodes[index];
  const Day today = parse_day("2025-03-20").value_or(Day{});
  const Scene scene{content, compiled, content.language_index(language), Seen(facts), state, today};
  const SecretText folded = words.size() <= kLongestFolded ? fold(words) : SecretText();
  const WordsView pieces = split(folded.reveal());
  return described(compiled.type->hear(scene, {words, pieces, std::nullopt}));
}

struct Line {
  std::string where;
  std::vector<std::string> fields;
};
std::vector<Line> lines_of(const std::string& file) {
  std::istringstream text(
      read_text(testing_support::source_dir() / "tests/bot/dialogue/cases/phrasings" / file));
  std::vector<Line> lines;
  std::size_t number = 0;
  for (std::string line; std::getline(text, line);) {
    ++number;
    if (line.empty() || line.starts_with("#")) continue;
    std::istringstream cells(line);
    Line read{file + ':' + std::to_string(number), {}};
    for (std::string cell; std::getline(cells, cell, '\t');) read.fields.push_back(cell);
    lines.push_back(std::move(read));
  }
  return lines;
}

class PhrasingsTest : public ::testing::TestWithParam<const char*> {};

TEST_P(PhrasingsTest, MeanWhatPeopleMean) {
  ASSERT_NE(ValuesForm::get(), nullptr);
  for (const auto& line : lines_of(GetParam())) {
    ASSERT_EQ(line.fields.size(), 4U) << line.where;
    EXPECT_EQ(meaning(line.fields[0], line.fields[1], line.fields[2]), line.fields[3])
        << line.where << ": " << line.fields[2];
  }
}

INSTANTIATE_TEST_SUITE_P(Files, PhrasingsTest,
                         ::testing::Values("choices.tsv", "commands.tsv", "dates.tsv", "money.tsv",
                                           "not_misread.tsv", "numbers.tsv", "places.tsv"),
                         [](const auto& each) {
                           const std::string file = each.param;
                           return file.substr(0, file.find('.'));
                         });

TEST(PhrasingsCountTest, ThereAreEnoughOfThem) {
  std::size_t meant = 0;
  std::set<std::string> languages;
  for (const char* file :
       {"choices.tsv", "commands.tsv", "dates.tsv", "money.tsv", "numbers.tsv", "places.tsv"}) {
    for (const auto& line : lines_of(file)) {
      ++meant;
      languages.insert(line.fields.at(1));
    }
  }
  EXPECT_GE(meant, 400U);
  EXPECT_GE(lines_of("not_misread.tsv").size(), 100U);
  EXPECT_EQ(languages.size(), 5U);
}

TEST(PhrasingsCountTest, NoLineIsThereTwice) {
  std::set<std::string> seen;
  for (const char* file : {"choices.tsv", "commands.tsv", "dates.tsv", "money.tsv",
                           "not_misread.tsv", "numbers.tsv", "places.tsv"}) {
    for (const auto& line : lines_of(file)) {
      const std::string key =
          line.fields.at(0) + '\t' + line.fields.at(1) + '\t' + line.fields.at(2);
      EXPECT_TRUE(seen.insert(key).second) << line.where;
    }
  }
}

}  // namespace
}  // namespace resguardo::dialogue
