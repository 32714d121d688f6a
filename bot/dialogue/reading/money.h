// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>

#include "bot/dialogue/reading/lexicon.h"
#include "bot/dialogue/value.h"

namespace resguardo::dialogue {

// The one amount that the words (folded as figures) speak of, and its currency if they say one.
// Where a word names several currencies, the first of `preferred` that it names is meant; if it
// names none of those, the first. "$" alone says no currency. `own` as in read_number().
std::optional<MoneyValue> read_money(const Lexicons& lexicons, const Lexicon& lexicon,
                                     WordsSpan words, const std::vector<std::string>& preferred,
                                     bool own);

}  // namespace resguardo::dialogue
