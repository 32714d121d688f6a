// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "bot/dialogue/value.h"
#include "crypto/base/clock.h"
#include "proto/questionnaire.pb.h"

namespace resguardo::dialogue {

// Parts of a day of the Gregorian calendar.
struct Date {
  int year = 0;
  int month = 0;
  int day = 0;
};
Date date_of_day(Day day);
std::optional<Day> day_of_date(Date date);  // nothing: there is no such day
Day easter_of(int year);                    // Gregorian: Meeus/Jones/Butcher
int weekday_of(Day day);                    // 1: Monday
// Nothing: there is no such day in that year.
std::optional<Day> first_day_of(const pb::Feast& feast, int year);
Date months_before(Date date, int months);  // its day is not changed, and may not be there

// A stretch of time with the words for how exactly it is known: first and last day of it.
struct Stretch {
  Day first;
  Day last;
  std::string edtf;
  std::string precision;
};
Stretch one_day(Day day);
Stretch several_days(Day first, Day last);  // week: seven days or less; else about
Stretch one_month(int year, int month);
Stretch several_months(int year, int month, int last_year, int last_month);
Stretch one_year(int year);
Stretch several_years(int first, int last);
Stretch one_season(int year, int season);  // EDTF 21 to 24, the northern ones
// The same, "about then": each end is marked with "~".
Stretch about(Stretch stretch);

}  // namespace resguardo::dialogue
