// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "bot/dialogue/step.h"

namespace resguardo::dialogue {

// Makes of two prompts two that nobody can tell apart who sees how long a message is: rows become
// numbered lines, and the shorter text is filled up with spaces until both are as long as JSON
// writes them. Does not hide how often something is said.
void even_out(Prompt& one, Prompt& other);

// Bytes of a text between the quotes of JSON.
std::size_t length_in_json(std::string_view text);

}  // namespace resguardo::dialogue
