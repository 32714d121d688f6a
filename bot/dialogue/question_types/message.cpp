// SPDX-License-Identifier: AGPL-3.0-or-later
// Asks nothing. Joined with the next question where both fit one message; else it waits for any
// sign of life. Words that are more than "ok" are kept: somebody wanted to say them.
#include "bot/dialogue/fold.h"
#include "bot/dialogue/question_types/types.h"

namespace resguardo::dialogue {
namespace {

void check(const pb::Questionnaire&, const pb::Node& node, TypeProblems& problems) {
  const auto& message = node.message();
  if (message.after() == pb::Message::AFTER_GO && message.go_to().empty()) {
    problems.emplace_back("AFTER_GO needs go_to");
  }
  if (message.after() != pb::Message::AFTER_GO && !message.go_to().empty()) {
    problems.emplace_back("go_to needs AFTER_GO");
  }
}
std::vector<Row> rows(const Scene&) {
  return continue_row();
}

Heard hear(const Scene& scene, const Utterance& said) {
  if (said.tapped) return {Heard::Kind::kGoOn, {}, nullptr};
  if (pick_one(scene, rows(scene), said)) return {Heard::Kind::kGoOn, {}, nullptr};
  std::string text;
  for (const auto word : said.words) {
    if (word == "," || word == "-") continue;
    if (!text.empty()) text += ' ';
    text += word;
  }
  const bool empty = said.words.empty() && said.verbatim.size() <= kLongestFolded;
  const bool only_ok = empty || scene.form.go_on.contains(text) || scene.form.yes.contains(text);
  return {only_ok ? Heard::Kind::kGoOn : Heard::Kind::kWords, {}, nullptr};
}

}  // namespace

const QuestionType kMessageType = {.arm = pb::Node::kMessage,
                                   .name = "message",
                                   .asks = false,
                                   .takes_words = true,
                                   .check = check,
                                   .rows = rows,
                                   .hear = hear};

}  // namespace resguardo::dialogue
