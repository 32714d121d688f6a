// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/reading/date_patterns.h"

#include <algorithm>
#include <utility>

#include "bot/dialogue/reading/numbers.h"

namespace resguardo::dialogue {
namespace {

using Slot = PatternPart::Slot;
constexpr int kFirstYear = 1950;
constexpr int kLastYear = 2100;

bool is_digits(std::string_view word) {
  return !word.empty() && word.size() <= 4 &&
         std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}
int value_of(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}
// "22" is 2022, "98" is 1998: never later than today's year.
int full_year(int two_digits, Day today) {
  const int now = date_of_day(today).year;
  const int year = now / 100 * 100 + two_digits;
  return year > now ? year - 100 : year;
}
// "15 / 3 / 2025", "2025 - 03 - 15", "03 / 2025"
class Figures {
 public:
  Figures(const Lexicon& lexicon, const DateWords& said, std::size_t from, Day today,
          std::optional<DateOrder> order)
      : lexicon_(lexicon), words_(said.words), from_(from), today_(today), order_(order) {}

  DateAt read() const {
    const auto first = number(0);
    const auto second = number(1);
    if (!first || !second) return {};
    const auto third = sign(1) == sign(0) ? number(2) : std::nullopt;
    if (size(0) == 4) return third ? whole(first, second, third, 5) : year_month(*first, *second);
    if (third) return ordered(*first, *second, size(2) == 4 ? *third : short_year(*third), 5);
    if (size(1) == 4) return year_month(*second, *first);
    if (sign(0) == ".") return {};
    return ordered(*first, *second, std::nullopt, 3);
  }

 private:
  std::string_view word(std::size_t at) const {
    return from_ + at < words_.size() ? words_[from_ + at] : std::string_view();
  }
  std::string_view sign(std::size_t index) const { return word(2 * index + 1); }
  std::size_t size(std::size_t index) const { return word(2 * index).size(); }
  std::optional<int> number(std::size_t index) const {
    const auto digits = word(2 * index);
    if (!is_digits(digits) || digits.size() == 3) return std::nullopt;
    if (index > 0) {
      const auto before = sign(index - 1);
      if (before != "/" && before != "-" && before != ".") return std::nullopt;
    }
    return value_of(digits);
  }
  std::optional<int> short_year(int value) const {
    return size(2) == 2 ? std::optional(full_year(value, today_)) : std::nullopt;
  }
  DateAt year_month(int year, int month) const {
    if (month < 1 || month > 12 || year < kFirstYear || year > kLastYear) return {};
    DateAt found{3, {}, false};
    found.fields.year = year;
    found.fields.month = month;
    return found;
  }
  static DateAt whole(std::optional<int> year, std::optional<int> month, std::optional<int> day,
                      std::size_t words) {
    if (year && (*year < kFirstYear || *year > kLastYear)) return {};
    if (!month || *month < 1 || *month > 12 || !day || *day < 1 || *day > 31) return {};
    DateAt found{words, {}, false};
    found.fields.year = year;
    found.fields.month = month;
    found.fields.day = day;
    return found;
  }
  DateAt ordered(int first, int second, std::optional<int> year, std::size_t words) const {
    if (words == 5 && !year) return {};
    const bool may_be_month = first <= 12;
    const bool may_be_day = second <= 12;
    bool month_first = may_be_month && !may_be_day;
    if (may_be_month && may_be_day && first != second) {
      month_first = order_ == DateOrder::kMonthFirst;
      if (!order_ && lexicon_.either_order) {
        DateAt found = whole(year, first, second, words);
        found.either_order = found.words > 0;
        return found;
      }
    }
    return month_first ? whole(year, first, second, words) : whole(year, second, first, words);
  }

  const Lexicon& lexicon_;
  const std::vector<std::string_view>& words_;
  std::size_t from_;
  Day today_;
  std::optional<DateOrder> order_;
};

// One slot's readings at some words: how many words, and which value.
using Readings = std::vector<std::pair<std::size_t, int>>;

class Matcher {
 public:
  Matcher(const Lexicon& lexicon, const Lexicons& all, const DateWords& said, Day today, bool own)
      : lexicon_(lexicon), all_(all), said_(said), words_(said.words), today_(today), own_(own) {}

  // Words that the pattern takes from `at` on; 0: it does not fit.
  std::size_t match(const CompiledPattern& pattern, std::size_t at, DateFields& fields) const {
    return rest(pattern, 0, at, at, fields);
  }

 private:
  std::size_t rest(const CompiledPattern& pattern, std::size_t part, std::size_t begin,
                   std::size_t at, DateFields& fields) const {
    if (part == pattern.parts.size()) return at - begin;
    if (at >= words_.size()) return 0;
    const auto& each = pattern.parts[part];
    if (each.slot == Slot::kWord) {
      return words_[at] == each.word ? rest(pattern, part + 1, begin, at + 1, fields) : 0;
    }
    std::size_t longest = 0;
    DateFields best = fields;
    for (const auto& [words, value] : readings(pattern, each.slot, at)) {
      DateFields tried = fields;
      set(tried, each.slot, value);
      const std::size_t all = rest(pattern, part + 1, begin, at + words, tried);
      if (all <= longest) continue;
      longest = all;
      best = tried;
    }
    if (longest > 0) fields = best;
    return longest;
  }

  static void set(DateFields& fields, Slot slot, int value) {
    const auto field = [&]() -> std::optional<int>& {
      switch (slot) {
        case Slot::kNumber:
          return fields.number;
        case Slot::kNumber2:
          return fields.number2;
        case Slot::kUnit:
          return fields.unit;
        case Slot::kWeekday:
          return fields.weekday;
        case Slot::kMonth:
          return fields.month;
        case Slot::kMonth2:
          return fields.month2;
        case Slot::kDay:
          return fields.day;
        case Slot::kDay2:
          return fields.day2;
        case Slot::kYear:
          return fields.year;
        case Slot::kYear2:
          return fields.year2;
        case Slot::kFeast:
          return fields.feast;
        case Slot::kSeason:
          return fields.season;
        case Slot::kRelative:
        case Slot::kWord:
          break;
      }
      return fields.relative;
    };
    field() = value;
  }

  Readings readings(const CompiledPattern& pattern, Slot slot, std::size_t at) const {
    switch (slot) {
      case Slot::kNumber:
      case Slot::kNumber2:
        return number(at);
      case Slot::kUnit:
        return named(lexicon_.units, at);
      case Slot::kWeekday:
        return named(lexicon_.weekdays, at);
      case Slot::kMonth:
      case Slot::kMonth2:
        return named(lexicon_.months, at);
      case Slot::kDay:
      case Slot::kDay2:
        return day(pattern, at);
      case Slot::kYear:
      case Slot::kYear2:
        return year(pattern, at);
      case Slot::kFeast:
        return named(lexicon_.feasts, at);
      case Slot::kSeason:
        return named(lexicon_.seasons, at);
      case Slot::kRelative:
        return named(lexicon_.relative_days, at);
      case Slot::kWord:
        break;
    }
    return {};
  }
  Readings named(const Phrases& phrases, std::size_t at) const {
    constexpr std::size_t kShortest = 4;
    const auto found = phrases.at(words_, at);
    if (found.words > 1 || (found.words == 1 && (own_ || words_[at].size() >= kShortest))) {
      return {{found.words, static_cast<int>(found.value)}};
    }
    const std::size_t edits = own_ ? all_.edits(words_[at].size()) : 0;
    if (edits == 0 || is_digits(words_[at])) return {};
    const auto near = phrases.nearest(words_[at], edits);
    if (near.words == 0) return {};
    return {{1, static_cast<int>(near.value)}};
  }
  Readings number(std::size_t at) const {
    const NumberAt found = number_at(lexicon_, words_, at);
    constexpr std::int64_t kMost = 40000;
    if (found.words == 0 || found.hundredths % 100 != 0 || found.hundredths > kMost * 100)
      return {};
    return {{found.words, static_cast<int>(found.hundredths / 100)}};
  }
  // "15", "15th", "quince", "primero"
  Readings day(const CompiledPattern& pattern, std::size_t at) const {
    const auto is_day = [](std::int64_t value) { return value >= 1 && value <= 31; };
    const auto word = words_[at];
    if (is_digits(word)) {
      const bool month_first = pattern.parts.front().slot == Slot::kMonth;
      const bool year = month_first && pattern.parts.size() == 2 && said_.after_link[at];
      if (year || word.size() > 2 || !is_day(value_of(word))) return {};
      Readings all = {{1, value_of(word)}};
      if (lexicon_.ordinal_endings.at(words_, at + 1).words == 1)
        all.emplace_back(2, value_of(word));
      return all;
    }
    if (const auto ordinal = lexicon_.ordinals.at(words_, at); ordinal.words > 0) {
      return {{ordinal.words, static_cast<int>(ordinal.value)}};
    }
    const NumberAt found = number_at(lexicon_, words_, at);
    const bool whole = found.words > 0 && !found.article && found.hundredths % 100 == 0;
    if (!whole || !is_day(found.hundredths / 100)) return {};
    return {{found.words, static_cast<int>(found.hundredths / 100)}};
  }
  // "2022", "22" where it cannot be a day, "dos mil veintidós", "año pasado"
  Readings year(const CompiledPattern& pattern, std::size_t at) const {
    if (const auto relative = lexicon_.relative_years.at(words_, at); relative.words > 0) {
      return {{relative.words, date_of_day(today_).year + static_cast<int>(relative.value)}};
    }
    const auto is_year = [](std::int64_t value) {
      return value >= kFirstYear && value <= kLastYear;
    };
    if (is_digits(words_[at])) {
      const int value = value_of(words_[at]);
      if (words_[at].size() == 4 && is_year(value)) return {{1, value}};
      if (words_[at].size() != 2 || !short_year(pattern, at, value)) return {};
      return {{1, full_year(value, today_)}};
    }
    const NumberAt found = number_at(lexicon_, words_, at);
    if (found.words == 0 || !is_year(found.hundredths / 100)) return {};
    return {{found.words, static_cast<int>(found.hundredths / 100)}};
  }
  // "mayo del 22" is a year; "mayo 22" is a day.
  bool short_year(const CompiledPattern& pattern, std::size_t at, int value) const {
    const auto has = [&](Slot slot) {
      return std::any_of(pattern.parts.begin(), pattern.parts.end(),
                         [&](const PatternPart& part) { return part.slot == slot; });
    };
    if (pattern.parts.size() == 1) return false;
    if (has(Slot::kDay) || has(Slot::kFeast) || has(Slot::kSeason) || value > 31) return true;
    return has(Slot::kMonth) && said_.after_link[at];
  }

  const Lexicon& lexicon_;
  const Lexicons& all_;
  const DateWords& said_;
  WordsSpan words_;
  Day today_;
  bool own_;
};

}  // namespace

DateAt date_at(const Lexicon& lexicon, const Lexicons& all, const DateWords& said, std::size_t from,
               Day today, bool own, std::optional<DateOrder> order) {
  DateAt best = Figures(lexicon, said, from, today, order).read();
  const Matcher matcher(lexicon, all, said, today, own);
  for (const auto& pattern : lexicon.dates) {
    DateFields fields;
    fields.pattern = pattern.source;
    const std::size_t words = matcher.match(pattern, from, fields);
    if (words <= best.words) continue;
    best = {words, fields, false};
  }
  if (best.words == 2 && best.fields.day && !best.fields.month)
    best.fields.day_alone_is_marked = true;
  return best;
}

}  // namespace resguardo::dialogue
