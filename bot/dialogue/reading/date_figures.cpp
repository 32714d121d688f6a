// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/reading/date_figures.h"

#include <algorithm>

namespace resguardo::dialogue {

bool is_short_number(std::string_view word) {
  return !word.empty() && word.size() <= 4 &&
         std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}
int short_number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}
int full_year(int two_digits, Day today) {
  const int now = date_of_day(today).year;
  const int year = now / 100 * 100 + two_digits;
  return year > now ? year - 100 : year;
}

namespace {

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
    if (third) return ordered(*first, *second, size(2) == 4 ? third : short_year(*third), 5);
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
    if (!is_short_number(digits) || digits.size() == 3) return std::nullopt;
    if (index > 0) {
      const auto before = sign(index - 1);
      if (before != "/" && before != "-" && before != ".") return std::nullopt;
    }
    return short_number(digits);
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

}  // namespace

DateAt figures_at(const Lexicon& lexicon, const DateWords& said, std::size_t from, Day today,
                  std::optional<DateOrder> order) {
  return Figures(lexicon, said, from, today, order).read();
}

}  // namespace resguardo::dialogue
