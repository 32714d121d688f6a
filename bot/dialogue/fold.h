// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/secret_text.h"

namespace resguardo::dialogue {

// Longer than this is a story and no choice or command: it is never folded.
inline constexpr std::size_t kLongestFolded = 300;

// Text as people mean it: no accents, case, emoji, punctuation or width; digits of any script and
// keycap emoji are 0-9; words are parted by one space. Signs that part a list become the word ","
// and a hyphen between digits the word "-". Ill-formed UTF-8 is replaced, never refused.
//   "  ¡SÍ, 1️⃣-３! " → "si , 1 - 3"
SecretText fold(std::string_view text);

// The same for reading figures: numbers part from letters ("2k" → "2 k"), the signs between digits
// stay as words of their own ("15/3" → "15 / 3", "1.500" → "1 . 500"), as do signs of currencies;
// nothing else parts a list, and a single letter before an apostrophe is a word ("l'été" → "l
// ete").
SecretText fold_figures(std::string_view text);

// The words of folded text; they point into it.
using WordsView = std::vector<std::string_view>;
WordsView split(std::string_view folded);

// One word per line of what the form says: folded, without "," and "-".
std::string fold_name(std::string_view text);
std::string name_of_folded(std::string_view folded);

// Trimmed and lower-cased only: for commands that are signs, such as "?" and "-".
SecretText trim_sign(std::string_view text);

// UTF-16 units: what the messengers count.
std::size_t visible_length(std::string_view utf8);

}  // namespace resguardo::dialogue
