// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "form/syntax.h"

namespace resguardo::form {

// What an editor, a keyboard or a slip does to a form's text, found without parsing it: another
// encoding, a byte order mark, curly quotes, invisible signs, a quote or a brace left open. At most
// one thing a line. Empty: nothing of that kind; whether it parses is not asked here.
std::vector<SyntaxError> slips_in(std::string_view text);

}  // namespace resguardo::form
