// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "crypto/base/clock.h"

// What the tests of this folder have in common: a week, a day in it, a passphrase.
namespace resguardo {

inline const Week kWeek = parse_week("2026-W47").value();
inline const TimePoint kNow = start_of(parse_day("2026-11-21").value());
inline constexpr const char* kWords = "five words that are enough";

}  // namespace resguardo
