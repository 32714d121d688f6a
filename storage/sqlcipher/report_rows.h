// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <map>

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/result.h"

namespace resguardo::storage {

// An id of a row of the report store: never negative, never 0; the next draw is as likely to be
// smaller as to be larger.
inline std::int64_t random_row_id(RandomSource& random) {
  std::array<std::uint8_t, 8> bytes{};
  random.fill(bytes);
  std::uint64_t id = 0;
  for (const std::uint8_t byte : bytes) id = id << 8 | byte;
  return static_cast<std::int64_t>((id >> 1) | 1);
}

// Ids of one segment's rows lie side by side, from a place that is drawn: whoever reads the segment
// reads a few pages and not one for each row, and the ids say what `sequence` says anyway.
class RowIds {
 public:
  explicit RowIds(RandomSource& random) : random_(random) {}
  std::int64_t of(const Digest& segment, std::uint64_t sequence) {
    const auto [at, first] = places_.try_emplace(segment, 0);
    if (first) at->second = random_row_id(random_);
    constexpr std::uint64_t kPositive = (std::uint64_t{1} << 63) - 1;
    return static_cast<std::int64_t>((static_cast<std::uint64_t>(at->second) + sequence) &
                                     kPositive);
  }

 private:
  RandomSource& random_;
  std::map<Digest, std::int64_t> places_;
};

// Adds (id, entry, day) to what waits for the log, unless the entry is there or logged.
constexpr StaticText kLogOnce =
    "INSERT INTO log_entry (id, entry, day) SELECT ?1, ?2, ?3"
    " WHERE NOT EXISTS (SELECT 1 FROM logged WHERE entry = ?2) ON CONFLICT (entry) DO NOTHING";

}  // namespace resguardo::storage
