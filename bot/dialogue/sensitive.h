// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bot/dialogue/form.h"

namespace resguardo::dialogue {

// Words of the form's sensitive list that a text holds, as the form writes them, in any of its
// languages; accents and case do not matter. Empty: none, or the form has no list.
std::vector<std::string> sensitive_words_in(const Form& form, std::string_view text);

}  // namespace resguardo::dialogue
