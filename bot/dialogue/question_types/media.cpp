// SPDX-License-Identifier: AGPL-3.0-or-later
// Files one after the other until "done"; words beside them are parts too: what they show.
#include "bot/dialogue/question_types/types.h"

namespace resguardo::dialogue {

const QuestionType kMediaType = {.arm = pb::Node::kMedia,
                                 .name = "media",
                                 .takes_words = true,
                                 .in_parts = true,
                                 .rows = rows_of_parts,
                                 .hear = hear_part};

}  // namespace resguardo::dialogue
