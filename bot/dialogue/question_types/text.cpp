// SPDX-License-Identifier: AGPL-3.0-or-later
// One message, whatever it says; verbatim, never understood and never kept as a fact.
#include "bot/dialogue/question_types/types.h"

namespace resguardo::dialogue {
namespace {

Heard hear(const Scene& scene, const Utterance& said) {
  return hear_words(scene, offered_or_skip(scene), said, Heard::Kind::kWords);
}

}  // namespace

const QuestionType kTextType = {.arm = pb::Node::kText,
                                .name = "text",
                                .takes_words = true,
                                .rows = offered_or_skip,
                                .hear = hear};

}  // namespace resguardo::dialogue
