// SPDX-License-Identifier: AGPL-3.0-or-later
// One message, whatever it says; verbatim, never understood and never kept as a fact.
#include "bot/dialogue/question_types/types.h"
#include "bot/dialogue/understanding.h"

namespace resguardo::dialogue {
namespace {

std::vector<Row> rows(const Scene& scene) {
  std::vector<Row> all;
  add_skip(scene, all);
  return all;
}

Heard hear(const Scene& scene, const Utterance& said) {
  if (said.tapped) return hear_one(scene, rows(scene), said);
  if (said.verbatim.find_first_not_of(" \t\r\n") == std::string_view::npos) return {};
  return {Heard::Kind::kWords, {}, nullptr};
}

}  // namespace

const QuestionType kTextType = {pb::Node::kText,
                                "text",
                                VariableType::Kind::kOther,
                                true,
                                true,
                                false,
                                no_choices,
                                no_check,
                                rows,
                                hear};

}  // namespace resguardo::dialogue
