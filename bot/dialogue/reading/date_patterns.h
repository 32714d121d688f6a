// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>

#include "bot/dialogue/reading/date_fields.h"

namespace resguardo::dialogue {

enum class DateOrder : std::uint8_t { kDayFirst, kMonthFirst };

// A date at some words.
struct DateAt {
  std::size_t words = 0;  // 0: none
  DateFields fields;
  bool either_order = false;  // 01/02/2025, and nobody said which is which
};
// The longest at `from`. `own`: the lexicon is of the person's own language; in another, names of
// less than four letters and slips of the pen mean nothing. `order`: said already.
DateAt date_at(const Lexicon& lexicon, const Lexicons& all, const DateWords& said, std::size_t from,
               Day today, bool own, std::optional<DateOrder> order);

}  // namespace resguardo::dialogue
