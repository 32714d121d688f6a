// SPDX-License-Identifier: AGPL-3.0-or-later
// Codes are languages; a code that the form has no texts in leaves the first language in force.
#include "bot/dialogue/question_types/types.h"

namespace resguardo::dialogue {
namespace {

std::vector<const pb::Choice*> choices(const pb::Questionnaire&, const pb::Node& node) {
  std::vector<const pb::Choice*> all;
  for (const auto& choice : node.language().choices()) all.push_back(&choice);
  return all;
}
void check(const pb::Questionnaire& form, const pb::Node& node, TypeProblems& problems) {
  for (const auto& language : form.languages()) {
    bool offered_here = false;
    for (const auto& choice : node.language().choices()) {
      offered_here = offered_here || choice.code() == language;
    }
    if (!offered_here) problems.push_back("the form's language is not offered: " + language);
  }
  if (!node.required()) problems.emplace_back("the language cannot be skipped: set required");
}
Heard hear(const Scene& scene, const Utterance& said) {
  return hear_one(scene, offered(scene), said);
}

}  // namespace

const QuestionType kLanguageType = {.arm = pb::Node::kLanguage,
                                    .name = "language",
                                    .variable = VariableType::Kind::kOneCode,
                                    .choices = choices,
                                    .check = check,
                                    .rows = offered,
                                    .hear = hear};

}  // namespace resguardo::dialogue
