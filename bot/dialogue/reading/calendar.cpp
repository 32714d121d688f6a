// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/reading/calendar.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

namespace resguardo::dialogue {
namespace {

std::string numbers(const char* format, int year, int month = 0, int day = 0) {
  std::array<char, 40> text{};
  const int length = std::snprintf(text.data(), text.size(), format, year, month, day);
  return {text.data(), static_cast<std::size_t>(length)};
}
std::string text_of(Day day) {
  const Date date = date_of_day(day);
  return numbers("%04d-%02d-%02d", date.year, date.month, date.day);
}
std::string between(std::string first, const std::string& last) {
  first.append("/").append(last);
  return first;
}
Day must(Date date) {
  return day_of_date(date).value_or(Day{});
}
Day last_of_month(int year, int month) {
  const Date next = month == 12 ? Date{year + 1, 1, 1} : Date{year, month + 1, 1};
  return Day{must(next).number - 1};
}

}  // namespace

Date date_of_day(Day day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day.number}}};
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day()))};
}

std::optional<Day> day_of_date(Date date) {
  if (date.year < 1 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1) {
    return std::nullopt;
  }
  const std::chrono::year_month_day day{std::chrono::year{date.year},
                                        std::chrono::month{static_cast<unsigned>(date.month)},
                                        std::chrono::day{static_cast<unsigned>(date.day)}};
  if (!day.ok()) return std::nullopt;
  return Day{static_cast<std::int32_t>(std::chrono::sys_days{day}.time_since_epoch().count())};
}

Day easter_of(int year) {
  const int a = year % 19;
  const int b = year / 100;
  const int c = year % 100;
  const int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
  const int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int sum = h + l - 7 * m + 114;
  return must({year, sum / 31, sum % 31 + 1});
}

int weekday_of(Day day) {
  return ((day.number + 3) % 7 + 7) % 7 + 1;  // 1970-01-01 was a Thursday
}

std::optional<Day> first_day_of(const pb::Feast& feast, int year) {
  switch (feast.rule_case()) {
    case pb::Feast::kFixed:
      return day_of_date(
          {year, static_cast<int>(feast.fixed().month()), static_cast<int>(feast.fixed().day())});
    case pb::Feast::kEaster:
      return Day{easter_of(year).number + feast.easter()};
    case pb::Feast::kNth: {
      const auto& nth = feast.nth();
      const int month = static_cast<int>(nth.month());
      const int weekday = static_cast<int>(nth.weekday());
      if (month < 1 || month > 12) return std::nullopt;
      if (nth.nth() < 0) {
        const Day last = last_of_month(year, month);
        return Day{last.number - (weekday_of(last) - weekday + 7) % 7};
      }
      const Day first = must({year, month, 1});
      return Day{first.number + (weekday - weekday_of(first) + 7) % 7 + 7 * (nth.nth() - 1)};
    }
    case pb::Feast::RULE_NOT_SET:
      break;
  }
  return std::nullopt;
}

Date months_before(Date date, int months) {
  const int index = date.year * 12 + date.month - 1 - months;
  return {index / 12, index % 12 + 1, date.day};
}

Stretch one_day(Day day) {
  return {day, day, text_of(day), "day"};
}
Stretch several_days(Day first, Day last) {
  constexpr int kWeek = 7;
  const char* precision = last.number - first.number <= kWeek ? "week" : "approx";
  return {first, last, between(text_of(first), text_of(last)), precision};
}
Stretch one_month(int year, int month) {
  return {must({year, month, 1}), last_of_month(year, month), numbers("%04d-%02d", year, month),
          "month"};
}
Stretch several_months(int year, int month, int last_year, int last_month) {
  return {must({year, month, 1}), last_of_month(last_year, last_month),
          between(numbers("%04d-%02d", year, month), numbers("%04d-%02d", last_year, last_month)),
          "approx"};
}
Stretch one_year(int year) {
  return {must({year, 1, 1}), must({year, 12, 31}), numbers("%04d", year), "year"};
}
Stretch several_years(int first, int last) {
  return {must({first, 1, 1}), must({last, 12, 31}),
          between(numbers("%04d", first), numbers("%04d", last)), "approx"};
}
Stretch one_season(int year, int season) {
  constexpr std::array<int, 4> kFirstMonth = {3, 6, 9, 12};
  const int month = kFirstMonth[static_cast<std::size_t>((season - 21) % 4)];
  const Day last = month == 12 ? last_of_month(year + 1, 2) : last_of_month(year, month + 2);
  return {must({year, month, 1}), last, numbers("%04d-%02d", year, season), "approx"};
}

Stretch about(Stretch stretch) {
  const auto slash = stretch.edtf.find('/');
  if (slash != std::string::npos) stretch.edtf.insert(slash, "~");
  stretch.edtf += '~';
  stretch.precision = "approx";
  return stretch;
}

}  // namespace resguardo::dialogue
