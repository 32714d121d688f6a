// SPDX-License-Identifier: AGPL-3.0-or-later
// Message after message until "done": an account takes as many as it takes.
#include "bot/dialogue/question_types/types.h"

namespace resguardo::dialogue {

std::vector<Row> rows_of_parts(const Scene& scene) {
  const bool begun = scene.known != nullptr && scene.known->parts() > 0;
  if (begun) return {{Row::Kind::kDone, "_done"}};
  return offered_or_skip(scene);  // no choices: the skip alone
}
Heard hear_part(const Scene& scene, const Utterance& said) {
  return hear_words(scene, rows_of_parts(scene), said, Heard::Kind::kPart);
}

const QuestionType kNarrativeType = {.arm = pb::Node::kNarrative,
                                     .name = "narrative",
                                     .takes_words = true,
                                     .in_parts = true,
                                     .rows = rows_of_parts,
                                     .hear = hear_part};

}  // namespace resguardo::dialogue
