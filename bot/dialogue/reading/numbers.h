// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "bot/dialogue/reading/lexicon.h"

namespace resguardo::dialogue {

// A number at the beginning of some words.
struct NumberAt {
  std::size_t words = 0;  // 0: none
  std::int64_t hundredths = 0;
  bool article = false;  // "un", "a": perhaps no number at all
};
// "15", "1.500,50", "1,500.50", "2 mil", "2k", "dos mil quinientos", "quatre-vingt-douze"; up to
// 10^12, never negative. `words` are folded as figures.
NumberAt number_at(const Lexicon& lexicon, WordsSpan words, std::size_t from);

// The one number that the words speak of, with no more than two words that are not understood; none
// where they speak of two, of a day, or of a part of one. `own`: the lexicon is of the person's own
// language; in another, all has to be understood.
std::optional<std::int64_t> read_number(const Lexicon& lexicon, WordsSpan words, bool own);

}  // namespace resguardo::dialogue
