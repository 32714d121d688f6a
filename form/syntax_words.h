// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

#include "form/syntax.h"

namespace resguardo::form {

// What the parser said about a line, in the words of somebody who writes questions, and how to mend
// it. What it does not know stays as it was said.
SyntaxError in_words(std::size_t line, std::string_view said);

}  // namespace resguardo::form
