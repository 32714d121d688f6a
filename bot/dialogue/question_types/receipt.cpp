// SPDX-License-Identifier: AGPL-3.0-or-later
// The end of a report: its text shows the receipt, once. Whatever is said next goes on.
#include "bot/dialogue/question_types/types.h"

namespace resguardo::dialogue {
namespace {

void check(const pb::Questionnaire&, const pb::Node& node, TypeProblems& problems) {
  for (const auto& text : node.texts()) {
    for (const auto* each : {&text.full(), &text.brief()}) {
      const auto first = each->find("{receipt}");
      const bool once =
          first != std::string::npos && each->find("{receipt}", first + 1) == std::string::npos;
      if (!each->empty() && !once) {
        problems.push_back("the text must hold {receipt} once: " + text.language());
      }
    }
  }
}
std::vector<Row> rows(const Scene&) {
  return {};
}
Heard hear(const Scene&, const Utterance&) {
  return {Heard::Kind::kGoOn, {}, nullptr};
}

}  // namespace

const QuestionType kReceiptType = {.arm = pb::Node::kReceipt,
                                   .name = "receipt",
                                   .takes_words = true,
                                   .check = check,
                                   .rows = rows,
                                   .hear = hear};

}  // namespace resguardo::dialogue
