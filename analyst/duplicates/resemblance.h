// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace resguardo::analyst {

// The smallest hashes of a text's runs of three words, ascending: a bottom-k sketch (Broder 1997,
// "On the resemblance and containment of documents"). It names no word, and is no secret keeper:
// who guesses a text can test the guess.
using Sketch = std::vector<std::uint64_t>;
inline constexpr std::size_t kSketchSize = 64;

// Of all texts together; accents, case and punctuation do not matter. Empty: fewer than
// kFewestWords words, of which any two reports may have the same by chance.
inline constexpr std::size_t kFewestWords = 8;
Sketch sketch_of(const std::vector<std::string>& texts);

// How much of both is the same, 0 to 1: an estimate of the Jaccard index, exact for short texts.
// 0 if either is empty.
double resemblance(const Sketch& a, const Sketch& b);

}  // namespace resguardo::analyst
