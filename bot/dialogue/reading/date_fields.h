// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "bot/dialogue/reading/calendar.h"
#include "bot/dialogue/reading/lexicon.h"

namespace resguardo::dialogue {

// What was said of a day, before it is known which one is meant.
struct DateFields {
  std::optional<int> number, number2, unit, weekday, month, month2, day, day2, feast, season,
      relative;
  std::optional<int> year, year2;  // relative ones are resolved already
  const pb::DatePattern* pattern = nullptr;
  bool day_alone_is_marked = false;  // "el 3", "3rd": a day, and not any number

  bool ignored() const { return pattern != nullptr && pattern->ignored(); }
  // Enough to be a date inside of a longer story.
  bool strong() const;
};

// The stretch that is meant, seen from `today`: without a year the last one that is not to come.
// Nothing: there is no such day. What is said to be to come is told as it is said.
std::optional<Stretch> meaning_of(const DateFields& fields, const Lexicon& lexicon, Day today);

}  // namespace resguardo::dialogue
