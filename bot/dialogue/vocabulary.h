// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "bot/dialogue/form.h"

namespace resguardo::dialogue {

// The names that a conversation's state takes from a form: its nodes and the codes of their
// choices, each once, in the form's order. Views are into the form.
std::vector<std::string_view> vocabulary_of(const Form& form);

}  // namespace resguardo::dialogue
