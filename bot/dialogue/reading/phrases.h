// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace resguardo::dialogue {

// Looks names up without making a string of them.
struct NameHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const {
    return std::hash<std::string_view>()(name);
  }
};
template <class Value>
using NameMap = std::unordered_map<std::string, Value, NameHash, std::equal_to<>>;

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
  bool holds(std::string_view word) const;
  // The one phrase of one word that `word` may be a slip of; several values are none.
  Found nearest(std::string_view word, std::size_t edits) const;

 private:
  struct Phrase {
    std::vector<std::string> rest;  // after the first word
    std::int64_t value = 0;
  };
  NameMap<std::vector<Phrase>> by_first_;  // longer ones first
};

// Letters changed, left out, added, or exchanged with their neighbour, to make one of the other; no
// more than `most` + 1 is told. Both are folded; ill-formed text is compared byte by byte.
std::size_t edit_distance(std::string_view one, std::string_view other, std::size_t most);

std::string joined(WordsSpan words);

}  // namespace resguardo::dialogue
