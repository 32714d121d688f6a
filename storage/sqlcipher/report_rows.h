// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

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

// Adds (id, entry, day) to what waits for the log, unless the entry is there or logged.
constexpr StaticText kLogOnce =
    "INSERT INTO log_entry (id, entry, day) SELECT ?1, ?2, ?3"
    " WHERE NOT EXISTS (SELECT 1 FROM logged WHERE entry = ?2) ON CONFLICT (entry) DO NOTHING";

}  // namespace resguardo::storage
