// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/reading/date_fields.h"

#include <algorithm>

namespace resguardo::dialogue {
namespace {

constexpr int kWeek = 7;

class Meaning {
 public:
  Meaning(const DateFields& said, const Lexicon& lexicon, Day today)
      : said_(said), lexicon_(lexicon), today_(today), now_(date_of_day(today)) {
    if (said.pattern != nullptr) {
      shift_ = said.pattern->shift();
      count_ = static_cast<int>(said.pattern->count());
    }
  }

  std::optional<Stretch> find() const {
    if (said_.relative) return one_day(Day{today_.number + *said_.relative});
    if (said_.feast) return feast();
    if (said_.season) return season();
    if (said_.day && said_.month) return days_of_month();
    if (said_.month) return month();
    if (const auto unit = unit_said(); unit != pb::DATE_UNIT_UNSPECIFIED) return of_unit(unit);
    if (said_.weekday) return said_.day ? lone_day() : weekday();
    if (said_.year2 && said_.year) return years();
    if (said_.year) return one_year(*said_.year);
    if (said_.day) return lone_day();
    return std::nullopt;
  }

 private:
  pb::DateUnit unit_said() const {
    if (said_.unit) return static_cast<pb::DateUnit>(*said_.unit);
    return said_.pattern == nullptr ? pb::DATE_UNIT_UNSPECIFIED : said_.pattern->unit();
  }
  std::optional<Stretch> years() const {
    if (*said_.year2 <= *said_.year) return std::nullopt;
    return several_years(*said_.year, *said_.year2);
  }
  // The latest year in which `first` of it is not to come.
  template <class First>
  int latest_year(First first) const {
    const std::optional<Day> day = first(now_.year);
    return now_.year - (day && *day > today_ ? 1 : 0);
  }

  std::optional<Stretch> feast() const {
    const auto& rule = *lexicon_.feast_rules[static_cast<std::size_t>(*said_.feast)];
    int year = said_.year.value_or(0);
    if (!said_.year) year = latest_year([&](int each) { return first_day_of(rule, each); });
    // "la navidad del año pasado" names the year; "la navidad pasada" the last one before today
    if (said_.unit == pb::DATE_UNIT_YEAR && shift_ < 0) year = now_.year + shift_;
    const auto first = first_day_of(rule, year);
    if (!first) return std::nullopt;
    const int days = std::max(1, static_cast<int>(rule.days()));
    return days == 1 ? one_day(*first) : several_days(*first, Day{first->number + days - 1});
  }
  std::optional<Stretch> season() const {
    int year = said_.year.value_or(now_.year);
    if (!said_.year && one_season(year, *said_.season).first > today_) --year;
    if (!said_.year && shift_ < 0 && one_season(year, *said_.season).last >= today_) --year;
    return one_season(year, *said_.season);
  }

  std::optional<Stretch> days_of_month() const {
    const auto at = [&](int year) { return day_of_date({year, *said_.month, *said_.day}); };
    int year = said_.year.value_or(0);
    if (!said_.year) year = latest_year(at);
    if (!said_.year && said_.unit == pb::DATE_UNIT_YEAR) year = now_.year + shift_;
    const auto first = at(year);
    // 29 February: the last one that there was
    if (!first && !said_.year && *said_.day == 29) return leap_day(year);
    if (!first || !said_.day2) return first ? std::optional(one_day(*first)) : std::nullopt;
    const auto last = day_of_date({year, *said_.month, *said_.day2});
    if (!last || *last <= *first) return std::nullopt;
    return several_days(*first, *last);
  }
  std::optional<Stretch> leap_day(int year) const {
    for (int back = 1; back < 9; ++back) {
      if (const auto day = day_of_date({year - back, 2, 29}); day && *said_.month == 2) {
        return one_day(*day);
      }
    }
    return std::nullopt;
  }

  std::optional<Stretch> month() const {
    int year = said_.year.value_or(now_.year);
    if (!said_.year && *said_.month > now_.month) --year;
    if (!said_.year && *said_.month == now_.month && shift_ < 0) --year;
    if (!said_.month2) return one_month(year, *said_.month);
    int last = year;
    if (*said_.month2 == *said_.month) return std::nullopt;
    if (*said_.month2 < *said_.month) ++last;  // "de diciembre a enero"
    if (!said_.year && last == now_.year && *said_.month2 > now_.month) --year, --last;
    if (!said_.year && last > now_.year) --year, --last;
    return several_months(year, *said_.month, last, *said_.month2);
  }

  // "el 3": this month's, or if that is to come the last month's.
  std::optional<Stretch> lone_day() const {
    for (int back = 0; back < 3; ++back) {
      Date date = months_before(now_, back);
      date.day = *said_.day;
      const auto day = day_of_date(date);
      if (day && *day <= today_) return one_day(*day);
    }
    return std::nullopt;
  }
  // "el martes": the last one, and not today; "el martes antepasado": the one before it.
  std::optional<Stretch> weekday() const {
    int back = weekday_of(today_) - *said_.weekday;
    if (back <= 0) back += kWeek;
    if (shift_ < -1) back += kWeek * (-1 - shift_);
    return one_day(Day{today_.number - back});
  }
  Day monday() const { return Day{today_.number - weekday_of(today_) + 1}; }

  std::optional<Stretch> of_unit(pb::DateUnit unit) const {
    const bool ago = said_.number || count_ > 0;
    if (ago) return so_long_ago(unit, said_.number.value_or(count_));
    if (said_.weekday) {  // "el martes de la semana pasada"
      if (unit != pb::DATE_UNIT_WEEK) return weekday();
      return one_day(Day{monday().number + kWeek * shift_ + *said_.weekday - 1});
    }
    if (said_.day) {  // "el 3 del mes pasado"
      if (unit != pb::DATE_UNIT_MONTH) return std::nullopt;
      Date date = months_before(now_, -shift_);
      date.day = *said_.day;
      const auto day = day_of_date(date);
      return day ? std::optional(one_day(*day)) : std::nullopt;
    }
    return this_or_earlier(unit);
  }
  std::optional<Stretch> this_or_earlier(pb::DateUnit unit) const {
    const Day week{monday().number + kWeek * shift_};
    const Date month = months_before(now_, -shift_);
    switch (unit) {
      case pb::DATE_UNIT_WEEK:
        return several_days(week, Day{week.number + kWeek - 1});
      case pb::DATE_UNIT_WEEKEND: {
        const bool begun = weekday_of(today_) >= 6;
        const int back = shift_ == 0 && !begun ? kWeek : 0;
        return several_days(Day{week.number + 5 - back}, Day{week.number + 6 - back});
      }
      case pb::DATE_UNIT_MONTH:
        return one_month(month.year, month.month);
      case pb::DATE_UNIT_YEAR:
        return one_year(now_.year + shift_);
      case pb::DATE_UNIT_DAY:
        return shift_ < 0 ? std::optional(one_day(Day{today_.number + shift_})) : std::nullopt;
      default:
        return std::nullopt;
    }
  }
  // "hace 3 días" is a day; "hace 20 días" is about one.
  std::optional<Stretch> so_long_ago(pb::DateUnit unit, int count) const {
    constexpr int kCountedDays = 10;
    constexpr int kMost = 36500;
    if (count < 0 || count > kMost) return std::nullopt;
    switch (unit) {
      case pb::DATE_UNIT_DAY: {
        const Stretch day = one_day(Day{today_.number - count});
        return count > kCountedDays ? about(day) : day;
      }
      case pb::DATE_UNIT_WEEK:
      case pb::DATE_UNIT_WEEKEND: {
        if (count > kMost / kWeek) return std::nullopt;
        const Day week{monday().number - kWeek * count};
        return several_days(week, Day{week.number + kWeek - 1});
      }
      case pb::DATE_UNIT_MONTH: {
        const Date month = months_before(now_, std::min(count, 1200));
        return one_month(month.year, month.month);
      }
      case pb::DATE_UNIT_YEAR:
        return count > 100 ? std::nullopt : std::optional(one_year(now_.year - count));
      default:
        return std::nullopt;
    }
  }

  const DateFields& said_;
  const Lexicon& lexicon_;
  Day today_;
  Date now_;
  int shift_ = 0;
  int count_ = 0;
};

}  // namespace

bool DateFields::strong() const {
  if (pattern != nullptr && pattern->alone()) return false;
  const bool ago = pattern != nullptr && (number || pattern->count() > 0) &&
                   (unit || pattern->unit() != pb::DATE_UNIT_UNSPECIFIED);
  return relative || ago || (day && month) || (month && year) || (feast && year);
}

std::optional<Stretch> meaning_of(const DateFields& fields, const Lexicon& lexicon, Day today) {
  auto found = Meaning(fields, lexicon, today).find();
  if (!found) return std::nullopt;
  const bool approximate = fields.pattern != nullptr && fields.pattern->approximate();
  const bool said_already = found->edtf.back() == '~';
  if (approximate && !said_already) return about(std::move(*found));
  return found;
}

}  // namespace resguardo::dialogue
