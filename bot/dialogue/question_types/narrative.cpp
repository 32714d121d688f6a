// SPDX-License-Identifier: AGPL-3.0-or-later
// Message after message until "done": an account takes as many as it takes.
#include "bot/dialogue/question_types/types.h"

namespace resguardo::dialogue {
namespace {

bool has_parts(const Scene& scene) {
  return scene.known != nullptr && scene.known->parts() > 0;
}
std::vector<Row> rows(const Scene& scene) {
  if (has_parts(scene)) return {{Row::Kind::kDone, "_done"}};
  return offered_or_skip(scene);  // no choices: the skip alone
}

Heard hear(const Scene& scene, const Utterance& said) {
  return hear_words(scene, rows(scene), said, Heard::Kind::kPart);
}

}  // namespace

const QuestionType kNarrativeType = {.arm = pb::Node::kNarrative,
                                     .name = "narrative",
                                     .takes_words = true,
                                     .rows = rows,
                                     .hear = hear};

}  // namespace resguardo::dialogue
