// SPDX-License-Identifier: AGPL-3.0-or-later
// Where it happened: a pin (the turn seals it), or words, which are kept as they are. Without rows,
// so that a messenger can offer its map; the word SKIP skips.
#include "bot/dialogue/question_types/types.h"

namespace resguardo::dialogue {
namespace {

std::vector<Row> no_rows(const Scene&) {
  return {};
}

Heard hear(const Scene& scene, const Utterance& said) {
  if (auto heard = heard_without_reading(scene, said)) return *std::move(heard);
  return hear_words(scene, no_rows(scene), said, Heard::Kind::kWords);
}

}  // namespace

const QuestionType kPointType = {.arm = pb::Node::kPoint,
                                 .name = "point",
                                 .takes_words = true,
                                 .location = true,
                                 .rows = no_rows,
                                 .hear = hear};

}  // namespace resguardo::dialogue
