// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "bot/dialogue/question_types/types.h"
#include "bot/dialogue/understanding.h"

namespace resguardo::dialogue {

std::vector<Row> rows_of_several(const Scene& scene) {
  if (scene.state.picks().empty()) return offered_or_skip(scene);
  auto all = offered(scene);
  all.push_back({Row::Kind::kDone, "_done"});
  return all;
}

// Rows of the engine and choices that stand alone come alone, or the answer contradicts itself.
std::optional<std::vector<Row>> pick_several(const Scene& scene, const std::vector<Row>& rows,
                                             const Utterance& said) {
  if (said.tapped) {
    const auto row = pick_one(scene, rows, said);
    return row ? std::optional(std::vector{*row}) : std::nullopt;
  }
  const auto found = understand_several(scene, rows, said.words);
  if (!found) return std::nullopt;
  std::vector<Row> picked;
  for (const std::size_t index : *found) picked.push_back(rows[index]);
  const bool alone = std::any_of(picked.begin(), picked.end(), [](const Row& row) {
    return row.choice == nullptr || row.choice->source->exclusive() || row.choice->explains;
  });
  if (alone && picked.size() > 1) return std::nullopt;
  return picked;
}

namespace {

std::vector<const pb::Choice*> choices(const pb::Questionnaire& form, const pb::Node& node) {
  return listed_choices(form, node.multiple_choice().choices(), node.multiple_choice().taxonomy());
}
void check(const pb::Questionnaire& form, const pb::Node& node, TypeProblems& problems) {
  const auto& body = node.multiple_choice();
  check_listed(form, static_cast<std::size_t>(body.choices_size()), body.taxonomy(), problems);
  for (const auto& choice : body.choices()) {
    const bool jumps = !choice.goto_node().empty() && choice.goto_node() != "@explain";
    if (jumps && !choice.exclusive()) {
      problems.add(
          Rule::kJumpFromSeveral,
          "a choice of several can only go elsewhere if it is exclusive: " + choice.code());
    }
  }
}

Heard finish(const Scene& scene, std::vector<std::string> codes) {
  const auto at_most = scene.node.source->multiple_choice().at_most();
  if (codes.empty() || (at_most > 0 && codes.size() > at_most)) return {};
  return {Heard::Kind::kCodes, std::move(codes), nullptr};
}
std::vector<std::string> picks_so_far(const Scene& scene) {
  return {scene.state.picks().begin(), scene.state.picks().end()};
}

Heard hear(const Scene& scene, const Utterance& said) {
  const auto picked = pick_several(scene, rows_of_several(scene), said);
  if (!picked) return {};
  const Row& first = picked->front();
  const auto at_most = scene.node.source->multiple_choice().at_most();
  if (first.kind == Row::Kind::kDone) {
    auto codes = picks_so_far(scene);
    if (at_most > 0 && codes.size() > at_most) codes.resize(at_most);
    return finish(scene, std::move(codes));
  }
  if (first.choice == nullptr || first.choice->source->exclusive() || first.choice->explains) {
    return from_row(first);
  }
  auto codes = picks_so_far(scene);
  // The last pick that there is room for is the answer: one more would lead nowhere.
  const bool room = at_most == 0 || codes.size() + 1 < at_most;
  if (said.tapped && room) return {Heard::Kind::kPicking, {std::string(first.code)}, nullptr};
  for (const Row& row : *picked) codes.emplace_back(row.code);
  return finish(scene, std::move(codes));
}

}  // namespace

const QuestionType kMultipleChoiceType = {.arm = pb::Node::kMultipleChoice,
                                          .name = "multiple_choice",
                                          .variable = VariableType::Kind::kManyCodes,
                                          .many = true,
                                          .choices = choices,
                                          .check = check,
                                          .rows = rows_of_several,
                                          .hear = hear};

}  // namespace resguardo::dialogue
