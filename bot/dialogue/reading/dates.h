// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "bot/dialogue/reading/date_patterns.h"

namespace resguardo::dialogue {

struct DateRead {
  enum class Kind : std::uint8_t { kNone, kDate, kWhichOrder };
  Kind kind = Kind::kNone;
  DateValue value;
};
// The one day or stretch of time that a message speaks of, as somebody says it who is at `today`:
// "hace 2 semanas", "15/3", "la semana santa del 22". None where there are two, or none, or one
// that may be of something else in a longer story, or with `not_future` one that is to come.
// kWhichOrder: it may begin with the day or the month; ask, and read again with `order`.
// `text` is what was written. It reads no more than kLongestFolded bytes of it.
DateRead read_date(const Lexicons& lexicons, std::string_view language, std::string_view text,
                   Day today, bool not_future, std::optional<DateOrder> order);

}  // namespace resguardo::dialogue
