// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string_view>

#include "bot/dialogue/compiled.h"

namespace resguardo::form {

// Whether a prompt holds that node's text, in full or brief, in any language: all of it but what is
// filled in. For messages that leave no trace in the state, such as help and the last words.
bool shown_in(std::string_view prompt, const dialogue::CompiledNode& node);

}  // namespace resguardo::form
