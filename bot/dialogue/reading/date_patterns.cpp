// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/reading/date_patterns.h"

#include <algorithm>
#include <utility>

#include "bot/dialogue/reading/date_figures.h"
#include "bot/dialogue/reading/numbers.h"

namespace resguardo::dialogue {
namespace {

using Slot = PatternPart::Slot;
// One slot's readings at some words: how many words, and which value.
using Readings = std::vector<std::pair<std::size_t, int>>;

}  // namespace

class DateFinder::Matcher {
 public:
  Matcher(const Lexicon& lexicon, const Lexicons& all, const DateWords& said, Day today, bool own)
      : lexicon_(lexicon),
        all_(all),
        said_(said),
        words_(said.words),
        today_(today),
        own_(own),
        known_(16 * said.words.size()) {}

  // Words that the pattern takes from `at` on; 0: it does not fit.
  std::size_t match(const CompiledPattern& pattern, std::size_t at, DateFields& fields) {
    return rest(pattern, 0, at, at, fields);
  }

 private:
  std::size_t rest(const CompiledPattern& pattern, std::size_t part, std::size_t begin,
                   std::size_t at, DateFields& fields) {
    if (part == pattern.parts.size()) return at - begin;
    if (at >= words_.size()) return 0;
    const auto& each = pattern.parts[part];
    if (each.slot == Slot::kWord) {
      return words_[at] == each.word ? rest(pattern, part + 1, begin, at + 1, fields) : 0;
    }
    std::size_t longest = 0;
    DateFields best = fields;
    const Readings here = readings(pattern, each.slot, at);
    for (const auto& [words, value] : here) {
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

  // Days and years in figures depend on the pattern; the rest is the same for all of them.
  const Readings& readings(const CompiledPattern& pattern, Slot slot, std::size_t at) {
    const bool of_pattern =
        slot == Slot::kDay || slot == Slot::kDay2 || slot == Slot::kYear || slot == Slot::kYear2;
    const bool fixed = !of_pattern || !is_short_number(words_[at]);
    auto& known = known_[at * 16 + static_cast<std::size_t>(slot)];
    if (!known || !fixed) known = work_out(pattern, slot, at);
    return *known;
  }
  Readings work_out(const CompiledPattern& pattern, Slot slot, std::size_t at) const {
    switch (slot) {
      case Slot::kNumber:
      case Slot::kNumber2:
        return number_at_word(at);
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
    if (edits == 0 || is_short_number(words_[at])) return {};
    const auto near = phrases.nearest(words_[at], edits);
    if (near.words == 0) return {};
    return {{1, static_cast<int>(near.value)}};
  }
  Readings number_at_word(std::size_t at) const {
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
    if (is_short_number(word)) {
      const bool month_first = pattern.parts.front().slot == Slot::kMonth;
      const bool year = month_first && pattern.parts.size() == 2 && said_.after_link[at];
      if (year || word.size() > 2 || !is_day(short_number(word))) return {};
      Readings all = {{1, short_number(word)}};
      if (lexicon_.ordinal_endings.at(words_, at + 1).words == 1)
        all.emplace_back(2, short_number(word));
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
    if (is_short_number(words_[at])) {
      const int value = short_number(words_[at]);
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
  std::vector<std::optional<Readings>> known_;  // by word and slot
};

DateFinder::DateFinder(const Lexicon& lexicon, const Lexicons& all, const DateWords& said,
                       Day today, bool own, std::optional<DateOrder> order)
    : lexicon_(lexicon),
      said_(said),
      today_(today),
      order_(order),
      matcher_(std::make_unique<Matcher>(lexicon, all, said, today, own)) {}
DateFinder::~DateFinder() = default;

DateAt DateFinder::longest_at(std::size_t from) const {
  DateAt best = figures_at(lexicon_, said_, from, today_, order_);
  for (const auto& pattern : lexicon_.dates) {
    const PatternPart& first = pattern.parts.front();
    if (first.slot == Slot::kWord && first.word != said_.words[from]) continue;
    DateFields fields;
    fields.pattern = pattern.source;
    const std::size_t words = matcher_->match(pattern, from, fields);
    if (words <= best.words) continue;
    best = {words, fields, false};
  }
  const bool day_alone = best.fields.day && !best.fields.month;
  if (best.words == 2 && day_alone) best.fields.day_alone_is_marked = true;
  return best;
}

}  // namespace resguardo::dialogue
