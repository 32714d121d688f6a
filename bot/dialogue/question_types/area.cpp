// SPDX-License-Identifier: AGPL-3.0-or-later
// One page of the gazetteer: states, sectors, stretches of a road.
#include "bot/dialogue/question_types/types.h"

namespace resguardo::dialogue {
namespace {

std::vector<const pb::Choice*> choices(const pb::Questionnaire& form, const pb::Node& node) {
  return choices_of_pages(form, node.area().page_of());
}
void check(const pb::Questionnaire& form, const pb::Node& node, TypeProblems& problems) {
  if (node.area().page_of().empty()) problems.add(Rule::kQuestionShape, "an area needs page_of");
  check_pages(form, node.area().page_of(), problems);
}
std::vector<Row> rows(const Scene& scene) {
  return rows_of_page(scene, scene.node.source->area().page_of());
}

// Its code is the answer, also of a row that is a page: the place is asked next.
Heard hear(const Scene& scene, const Utterance& said) {
  Heard heard = hear_one(scene, rows(scene), said);
  if (heard.kind != Heard::Kind::kUnclear || said.tapped) return heard;
  if (auto other = heard_without_reading(scene, said)) return *std::move(other);
  return hear_words(scene, {}, said, Heard::Kind::kWords);
}

}  // namespace

const QuestionType kAreaType = {.arm = pb::Node::kArea,
                                .name = "area",
                                .variable = VariableType::Kind::kOneCode,
                                .paged = true,
                                .choices = choices,
                                .check = check,
                                .rows = rows,
                                .hear = hear};

}  // namespace resguardo::dialogue
