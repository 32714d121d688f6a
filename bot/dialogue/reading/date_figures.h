// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "bot/dialogue/reading/date_fields.h"

namespace resguardo::dialogue {

enum class DateOrder : std::uint8_t { kDayFirst, kMonthFirst };

// A date at some words.
struct DateAt {
  std::size_t words = 0;  // 0: none
  DateFields fields;
  bool either_order = false;  // 01/02/2025, and nobody said which is which
};
// "15 / 3 / 2025", "2025 - 03 - 15", "03 / 2025" at `from`.
DateAt figures_at(const Lexicon& lexicon, const DateWords& said, std::size_t from, Day today,
                  std::optional<DateOrder> order);

// Years that something may have happened in.
inline constexpr int kFirstYear = 1950;
inline constexpr int kLastYear = 2100;
bool is_short_number(std::string_view word);  // one to four digits
int short_number(std::string_view digits);
// "22" is 2022, "98" is 1998: never later than today's year.
int full_year(int two_digits, Day today);

}  // namespace resguardo::dialogue
