// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/duplicates/resemblance.h"

#include <algorithm>
#include <cstring>
#include <set>

#include "bot/dialogue/fold.h"
#include "crypto/base/hash.h"

namespace resguardo::analyst {
namespace {

constexpr std::size_t kRun = 3;

// Word by word: a whole story is longer than what is folded at once.
std::vector<std::string> words_of(const std::vector<std::string>& texts) {
  std::vector<std::string> words;
  for (const std::string& text : texts) {
    std::size_t at = 0;
    while (at < text.size()) {
      const std::size_t end = std::min(text.find_first_of(" \t\r\n", at), text.size());
      if (end > at && end - at <= dialogue::kLongestFolded) {
        const std::string folded = dialogue::fold_name(text.substr(at, end - at));
        for (const auto word : dialogue::split(folded)) words.emplace_back(word);
      }
      at = end + 1;
    }
  }
  return words;
}

std::uint64_t hash_of(const std::string& run) {
  const Digest digest = blake2b(as_bytes(run));
  std::uint64_t hash = 0;
  std::memcpy(&hash, digest.bytes.data(), sizeof(hash));
  return hash;
}

}  // namespace

Sketch sketch_of(const std::vector<std::string>& texts) {
  const auto words = words_of(texts);
  if (words.size() < kFewestWords) return {};
  std::set<std::uint64_t> hashes;
  for (std::size_t at = 0; at + kRun <= words.size(); ++at)
    hashes.insert(hash_of(words[at] + " " + words[at + 1] + " " + words[at + 2]));
  Sketch sketch(hashes.begin(), hashes.end());
  if (sketch.size() > kSketchSize) sketch.resize(kSketchSize);
  return sketch;
}

// Of the smallest hashes of both together: how many are in both.
double resemblance(const Sketch& a, const Sketch& b) {
  if (a.empty() || b.empty()) return 0;
  const bool whole = a.size() < kSketchSize && b.size() < kSketchSize;
  const std::size_t most = whole ? a.size() + b.size() : kSketchSize;
  std::size_t i = 0, j = 0, seen = 0, shared = 0;
  while ((i < a.size() || j < b.size()) && seen < most) {
    const bool in_a = j == b.size() || (i < a.size() && a[i] <= b[j]);
    const bool in_b = i == a.size() || (j < b.size() && b[j] <= a[i]);
    if (in_a && in_b) ++shared;
    if (in_a) ++i;
    if (in_b) ++j;
    ++seen;
  }
  return static_cast<double>(shared) / static_cast<double>(seen);
}

}  // namespace resguardo::analyst
