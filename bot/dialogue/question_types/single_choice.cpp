// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/question_types/types.h"

namespace resguardo::dialogue {

std::vector<const pb::Choice*> listed_choices(
    const pb::Questionnaire& form, const google::protobuf::RepeatedPtrField<pb::Choice>& choices,
    const std::string& taxonomy) {
  std::vector<const pb::Choice*> all;
  for (const auto& choice : choices) all.push_back(&choice);
  for (const auto& each : form.taxonomies()) {
    if (taxonomy.empty() || each.id() != taxonomy) continue;
    for (const auto& row : each.rows()) all.push_back(&row);
  }
  return all;
}

void check_listed(const pb::Questionnaire& form, std::size_t choices, const std::string& taxonomy,
                  TypeProblems& problems) {
  bool known = taxonomy.empty();
  for (const auto& each : form.taxonomies()) known = known || each.id() == taxonomy;
  if (!known) problems.add(Rule::kUnknownTaxonomy, "no such taxonomy: " + taxonomy);
  if (choices == 0 && taxonomy.empty()) problems.add(Rule::kNoChoices, "a choice without choices");
}

namespace {

std::vector<const pb::Choice*> choices(const pb::Questionnaire& form, const pb::Node& node) {
  return listed_choices(form, node.single_choice().choices(), node.single_choice().taxonomy());
}
void check(const pb::Questionnaire& form, const pb::Node& node, TypeProblems& problems) {
  const auto& body = node.single_choice();
  check_listed(form, static_cast<std::size_t>(body.choices_size()), body.taxonomy(), problems);
}
Heard hear(const Scene& scene, const Utterance& said) {
  return hear_one(scene, offered_or_skip(scene), said);
}

}  // namespace

const QuestionType kSingleChoiceType = {.arm = pb::Node::kSingleChoice,
                                        .name = "single_choice",
                                        .variable = VariableType::Kind::kOneCode,
                                        .choices = choices,
                                        .check = check,
                                        .rows = offered_or_skip,
                                        .hear = hear};

}  // namespace resguardo::dialogue
