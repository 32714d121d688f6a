// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/reading/phrases.h"

#include <algorithm>
#include <array>

namespace resguardo::dialogue {

std::string joined(WordsSpan words) {
  std::string text;
  for (const auto word : words) {
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

void Phrases::add(WordsSpan words, std::int64_t value) {
  if (words.empty()) return;
  auto& all = by_first_[std::string(words.front())];
  Phrase phrase{{words.begin() + 1, words.end()}, value};
  const auto same = [&](const Phrase& other) { return other.rest == phrase.rest; };
  if (std::any_of(all.begin(), all.end(), same)) return;
  const auto shorter = std::find_if(all.begin(), all.end(), [&](const Phrase& other) {
    return other.rest.size() < phrase.rest.size();
  });
  all.insert(shorter, std::move(phrase));
}

Phrases::Found Phrases::at(WordsSpan words, std::size_t from) const {
  if (from >= words.size()) return {};
  const auto found = by_first_.find(words[from]);
  if (found == by_first_.end()) return {};
  const WordsSpan after = words.subspan(from + 1);
  for (const Phrase& phrase : found->second) {
    const auto count = phrase.rest.size();
    if (count > after.size()) continue;
    if (std::equal(phrase.rest.begin(), phrase.rest.end(), after.begin())) {
      return {count + 1, phrase.value};
    }
  }
  return {};
}

bool Phrases::holds(std::string_view word) const {
  return at({&word, 1}, 0).words == 1;
}

Phrases::Found Phrases::nearest(std::string_view word, std::size_t edits) const {
  Found best;
  std::size_t distance = edits + 1;
  for (const auto& [text, phrases] : by_first_) {
    if (!phrases.back().rest.empty()) continue;
    const std::int64_t value = phrases.back().value;
    const std::size_t here = edit_distance(text, word, edits);
    if (here > edits || here > distance) continue;
    if (here == distance && best.words > 0 && best.value != value) best.words = 2;  // two meanings
    if (here < distance) best = {1, value};
    distance = here;
  }
  return best.words == 1 ? best : Found{};
}

namespace {

std::uint8_t narrow(std::size_t distance) {
  return static_cast<std::uint8_t>(distance);
}

}  // namespace

// Optimal string alignment. Names and words are short: longer ones are not compared.
std::size_t edit_distance(std::string_view one, std::string_view other, std::size_t most) {
  constexpr std::size_t kLongest = 64;
  const std::size_t shorter = std::min(one.size(), other.size());
  const std::size_t longer = std::max(one.size(), other.size());
  if (longer - shorter > most || longer > kLongest) return most + 1;
  most = std::min(most, kLongest);  // no two are further apart
  // Where more than `most` letters would have been added or left out, nothing is worked out: it
  // stays at `most` + 1.
  const std::size_t far = most + 1;
  std::array<std::array<std::uint8_t, kLongest + 2>, 3> rows;
  for (auto& row : rows) std::fill_n(row.begin(), other.size() + 2, narrow(far));
  for (std::size_t j = 0; j <= std::min(most, other.size()); ++j) rows[0][j] = narrow(j);
  for (std::size_t i = 1; i <= one.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& before = rows[(i + 1) % 3];
    const std::size_t first = i > most ? i - most : 1;
    row[first - 1] = narrow(first == 1 ? i : far);
    row[0] = narrow(std::min(i, far));
    std::size_t least = row[first - 1];
    for (std::size_t j = first; j <= std::min(other.size(), i + most); ++j) {
      const std::size_t change = one[i - 1] == other[j - 1] ? 0 : 1;
      row[j] = narrow(
          std::min<std::size_t>({above[j] + 1U, row[j - 1] + 1U, above[j - 1] + change, far}));
      const bool exchanged =
          i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
      if (exchanged) row[j] = narrow(std::min<std::size_t>(row[j], before[j - 2] + 1U));
      least = std::min<std::size_t>(least, row[j]);
    }
    if (least > most) return far;  // the next but one could be nearer only by way of this
  }
  return rows[one.size() % 3][other.size()];
}

}  // namespace resguardo::dialogue
