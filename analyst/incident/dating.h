// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/base/clock.h"

namespace resguardo::analyst {

// The days in which something may have happened, both included.
struct DaySpan {
  Day first;
  Day last;
  friend bool operator==(const DaySpan&, const DaySpan&) = default;
};

// What the questionnaire writes of ISO 8601-2 (EDTF) level 1: a day, month, year or season, each
// perhaps with "~", or two of them with "/" between. nullopt: unknown ("XXXX"), or none of these.
// "~" widens nothing: how sure a date is stands in its precision.
std::optional<DaySpan> days_of_edtf(std::string_view edtf);

// Whether every day of `span` lies in [start, end]; nullopt is an open end.
bool within(const DaySpan& span, std::optional<Day> start, std::optional<Day> end);
// Whether any does.
bool touches(const DaySpan& span, std::optional<Day> start, std::optional<Day> end);

}  // namespace resguardo::analyst
