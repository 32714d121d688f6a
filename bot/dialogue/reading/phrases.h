// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace resguardo::dialogue {

using WordsSpan = std::span<const std::string_view>;

// Words, or several in a row, each with a value. The longest that fits is found.
class Phrases {
 public:
  struct Found {
    std::size_t words = 0;  // 0: none
    std::int64_t value = 0;
  };
  // The first value that is given to words stays.
  void add(WordsSpan words, std::int64_t value);
  Found at(WordsSpan words, std::size_t from) const;
  bool holds(std::string_view word) const { return values_.contains(std::string(word)); }
  // The one phrase of one word that `word` may be a slip of; several values are none.
  Found nearest(std::string_view word, std::size_t edits) const;

 private:
  std::unordered_map<std::string, std::int64_t> values_;
  std::size_t longest_ = 0;
};

// Letters changed, left out, added, or exchanged with their neighbour, to make one of the other; no
// more than `most` + 1 is told. Both are folded; ill-formed text is compared byte by byte.
std::size_t edit_distance(std::string_view one, std::string_view other, std::size_t most);

std::string joined(WordsSpan words);

}  // namespace resguardo::dialogue
