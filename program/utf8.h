// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace resguardo::program {

// Takes the next code point off `rest`. nullopt: `rest` does not begin with well-formed UTF-8
// (RFC 3629: no surrogates, no over-long forms); then nothing is taken. Undefined when empty.
std::optional<char32_t> take_code_point(std::string_view& rest);
void append_utf8(std::string& text, char32_t code_point);
bool is_utf8(std::string_view text);
// How many UTF-16 units `text` has: what spreadsheets count.
std::size_t utf16_length(std::string_view text);

// Control, bidirectional and invisible characters: what can move a cursor, reorder a line or hide
// in it. Joiners and variation selectors, which emoji and scripts need, are not among them.
bool is_treacherous(char32_t code_point);

}  // namespace resguardo::program
