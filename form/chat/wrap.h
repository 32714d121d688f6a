// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace resguardo::form {

// How wide a text is, in hundredths of an em, guessed for the sans-serif fonts of telephones: a picture has no font
// to ask. Wrong by a few percent, never by half.
int width_of(std::string_view text);
// Lines of at most `width`, broken at spaces and where the text breaks; a longer word is broken
// anywhere. Never empty.
std::vector<std::string> wrap(std::string_view text, int width);

}  // namespace resguardo::form
