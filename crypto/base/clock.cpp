// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/base/clock.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace resguardo {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int32_t kFirstMonday = 4;  // 1970-01-05

// Digits only, all of them used.
std::optional<int> digits(std::string_view text) {
  int value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || text.front() == '-')
    return std::nullopt;
  return value;
}

year_month_day date_of(Day day) {
  return year_month_day{sys_days{days{day.number}}};
}

Day day_from(year_month_day date) {
  return Day{static_cast<std::int32_t>(sys_days{date}.time_since_epoch().count())};
}

// ISO 8601: week 1 is the one with the year's first Thursday.
Day first_monday(int year) {
  const Day january4 = day_from(year_month_day{std::chrono::year{year} / 1 / 4});
  const std::int32_t weekday = ((january4.number - kFirstMonday) % 7 + 7) % 7;
  return Day{january4.number - weekday};
}

}  // namespace

Day day_of(TimePoint time) {
  return Day{static_cast<std::int32_t>(std::chrono::floor<days>(time).time_since_epoch().count())};
}

TimePoint start_of(Day day) {
  return TimePoint{days{day.number}};
}

std::string to_string(Day day) {
  const auto date = date_of(day);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

std::optional<Day> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text.substr(0, 4));
  const auto month = digits(text.substr(5, 2));
  const auto day = digits(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const year_month_day date{std::chrono::year{*year},
                            std::chrono::month(static_cast<unsigned>(*month)),
                            std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return day_from(date);
}

Week week_of(TimePoint time) {
  const std::int32_t since = day_of(time).number - kFirstMonday;
  return Week{since >= 0 ? since / 7 : -((-since + 6) / 7)};
}

Day monday_of(Week week) {
  return Day{kFirstMonday + week.number * 7};
}

std::string to_string(Week week) {
  const Day monday = monday_of(week);
  int year = static_cast<int>(date_of(Day{monday.number + 3}).year());
  const int index = (monday.number - first_monday(year).number) / 7 + 1;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-W%02d", year, index);
  return text.data();
}

std::optional<Week> parse_week(std::string_view text) {
  if (text.size() != 8 || text.substr(4, 2) != "-W") return std::nullopt;
  const auto year = digits(text.substr(0, 4));
  const auto index = digits(text.substr(6, 2));
  if (!year || !index || *index < 1 || *index > 53) return std::nullopt;
  const Week week{(first_monday(*year).number - kFirstMonday) / 7 + *index - 1};
  if (to_string(week) != text) return std::nullopt;
  return week;
}

TimePoint SystemClock::now() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace resguardo
