// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/incident/dating.h"

#include <charconv>
#include <chrono>

namespace resguardo::analyst {
namespace {

using std::chrono::sys_days;

constexpr int kSpring = 21;
constexpr int kWinter = 24;

std::optional<int> number_in(std::string_view text, std::size_t digits) {
  int value = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (text.size() != digits || read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return value < 0 ? std::nullopt : std::optional<int>(value);
}

Day day_of(sys_days days) {
  return Day{static_cast<std::int32_t>(days.time_since_epoch().count())};
}

DaySpan months(int year, int first, int count) {
  const auto begin = std::chrono::year{year} / first;
  const auto last = begin + std::chrono::months{count - 1};
  return {day_of(sys_days{begin / 1}), day_of(sys_days{last / std::chrono::last})};
}

// A season as months: spring from March; winter ends in the year after.
DaySpan season(int year, int which) {
  return months(year, 3 * (which - kSpring) + 3, 3);
}

std::optional<DaySpan> one_date(std::string_view text) {
  if (text.ends_with('~')) text.remove_suffix(1);
  const auto year = number_in(text.substr(0, 4), 4);
  if (!year) return std::nullopt;
  if (text.size() == 4) return months(*year, 1, 12);
  if (text[4] != '-') return std::nullopt;
  const auto month = number_in(text.substr(5, 2), 2);
  if (!month) return std::nullopt;
  if (text.size() == 7) {
    if (*month >= kSpring && *month <= kWinter) return season(*year, *month);
    return *month >= 1 && *month <= 12 ? std::optional(months(*year, *month, 1)) : std::nullopt;
  }
  const auto day = parse_day(text);
  return day ? std::optional(DaySpan{*day, *day}) : std::nullopt;
}

}  // namespace

std::optional<DaySpan> days_of_edtf(std::string_view edtf) {
  const auto slash = edtf.find('/');
  const auto first = one_date(edtf.substr(0, slash));
  if (slash == std::string_view::npos || !first) return first;
  const auto last = one_date(edtf.substr(slash + 1));
  if (!last || last->last < first->first) return std::nullopt;
  return DaySpan{first->first, last->last};
}

bool within(const DaySpan& span, std::optional<Day> start, std::optional<Day> end) {
  return (!start || *start <= span.first) && (!end || span.last <= *end);
}

bool touches(const DaySpan& span, std::optional<Day> start, std::optional<Day> end) {
  return (!start || *start <= span.last) && (!end || span.first <= *end);
}

}  // namespace resguardo::analyst
