// SPDX-License-Identifier: AGPL-3.0-or-later
// Where it happened: a pin (the turn seals it), or words, which are kept as they are.
#include "bot/dialogue/question_types/types.h"

namespace resguardo::dialogue {
namespace {

Heard hear(const Scene& scene, const Utterance& said) {
  if (auto heard = heard_without_reading(scene, said)) return *std::move(heard);
  return hear_words(scene, offered_or_skip(scene), said, Heard::Kind::kWords);
}

}  // namespace

const QuestionType kPointType = {.arm = pb::Node::kPoint,
                                 .name = "point",
                                 .takes_words = true,
                                 .rows = offered_or_skip,
                                 .hear = hear};

}  // namespace resguardo::dialogue
