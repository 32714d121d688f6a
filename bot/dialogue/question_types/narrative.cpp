// SPDX-License-Identifier: AGPL-3.0-or-later
// Message after message until "done": an account takes as many as it takes.
#include "bot/dialogue/question_types/types.h"

namespace resguardo::dialogue {
namespace {

bool has_parts(const Scene& scene) {
  for (const auto& fact : scene.state.facts()) {
    if (fact.node() == scene.node.source->id()) return fact.parts() > 0;
  }
  return false;
}
std::vector<Row> rows(const Scene& scene) {
  if (has_parts(scene)) return {{Row::Kind::kDone, "_done"}};
  std::vector<Row> all;
  add_skip(scene, all);
  return all;
}

Heard hear(const Scene& scene, const Utterance& said) {
  if (said.tapped) return hear_one(scene, rows(scene), said);
  if (said.verbatim.find_first_not_of(" \t\r\n") == std::string_view::npos) return {};
  return {Heard::Kind::kPart, {}, nullptr};
}

}  // namespace

const QuestionType kNarrativeType = {pb::Node::kNarrative,
                                     "narrative",
                                     VariableType::Kind::kOther,
                                     true,
                                     true,
                                     false,
                                     no_choices,
                                     no_check,
                                     rows,
                                     hear};

}  // namespace resguardo::dialogue
