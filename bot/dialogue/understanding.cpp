// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/understanding.h"

#include <algorithm>

#include "bot/dialogue/ages.h"
#include "bot/dialogue/fold.h"

namespace resguardo::dialogue {
namespace {

using Words = std::vector<std::string_view>;
using Found = std::optional<std::size_t>;
constexpr std::size_t kShortestPrefix = 3;

bool holds(const WordSet& set, std::string_view word) {
  return set.contains(word);
}

// "2", "2o", "2nd", "dos"; 0: no number.
std::size_t number_of(const Form::Content& form, std::string_view word) {
  std::size_t digits = 0;
  std::size_t value = 0;
  while (digits < word.size() && digits < 9 && word[digits] >= '0' && word[digits] <= '9') {
    value = value * 10 + static_cast<std::size_t>(word[digits++] - '0');
  }
  if (digits > 0) {
    const auto rest = word.substr(digits);
    return rest.empty() || holds(form.ordinal_endings, rest) ? value : 0;
  }
  const auto known = form.number_words.find(word);
  return known == form.number_words.end() ? 0 : known->second;
}
bool is_digits(std::string_view word) {
  return std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string joined(std::span<const std::string_view> words) {
  std::string text;
  for (const auto word : words) {
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}
Words without_signs(std::span<const std::string_view> words) {
  Words kept;
  for (const auto word : words) {
    if (word != "," && word != "-") kept.push_back(word);
  }
  return kept;
}
Words without_noise(const Form::Content& form, std::span<const std::string_view> words) {
  Words kept;
  for (const auto word : words) {
    if (!holds(form.noise, word)) kept.push_back(word);
  }
  return kept;
}

Say say_of(Row::Kind kind) {
  switch (kind) {
    case Row::Kind::kSkip:
      return Say::kSkip;
    case Row::Kind::kDone:
      return Say::kDone;
    case Row::Kind::kDayFirst:
      return Say::kDayFirst;
    case Row::Kind::kMonthFirst:
      return Say::kMonthFirst;
    case Row::Kind::kContinue:
    case Row::Kind::kChoice:
      break;
  }
  return Say::kContinue;
}

// Runs `test` over every name of a row in one language.
template <class Test>
bool any_name(const Form::Content& form, const Row& row, std::size_t language, Test test) {
  if (row.choice == nullptr) {
    const auto name = [&](Say say) -> const std::string& {
      return form.phrase_names[static_cast<std::size_t>(say)][language];
    };
    return test(name(say_of(row.kind))) ||
           (row.kind == Row::Kind::kSkip && test(name(Say::kSkipShort)));
  }
  const auto& names = row.choice->titles[language].names;
  return std::any_of(names.begin(), names.end(), test);
}

class OneRow {
 public:
  OneRow(const Scene& scene, std::span<const Row> rows) : scene_(scene), rows_(rows) {}

  Found find(std::span<const std::string_view> all) const {
    const Words words = without_signs(all);
    if (words.empty()) return std::nullopt;
    const std::string text = joined(words);
    if (const Found row = by_text(text)) return row;
    const Words rest = without_noise(scene_.form, words);
    if (rest.empty()) return by_prefix(text);
    if (const Found row = by_number(rest, words)) return row;
    if (rest.size() != words.size()) {
      if (const Found row = by_text(joined(rest))) return row;
    }
    if (const Found row = by_years(words)) return row;
    if (const Found row = after_lead_ins(words)) return row;
    return by_prefix(text);
  }

 private:
  // The one row for which `test` holds; in the person's language first, then in any.
  template <class Test>
  Found only(Test test) const {
    const std::size_t own = scene_.language;
    if (own != kNoIndex) {
      if (const Found row = only_in(own, own + 1, test)) return row;
    }
    return only_in(0, scene_.form.languages.size(), test);
  }
  template <class Test>
  Found only_in(std::size_t first, std::size_t end, Test test) const {
    Found found;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      bool fits = false;
      for (std::size_t language = first; language < end && !fits; ++language) {
        fits = any_name(scene_.form, rows_[i], language, test);
      }
      if (!fits) continue;
      if (found) return std::nullopt;
      found = i;
    }
    return found;
  }
  Found by_text(const std::string& text) const {
    const bool named = holds(scene_.form.row_names, text);
    const bool unknown = holds(scene_.form.unknown, text);  // "ni idea": the choice of that code
    if (named) {
      const Found row = only([&](const std::string& name) { return name == text; });
      if (row) return row;
    }
    for (std::size_t i = 0; (named || unknown) && i < rows_.size(); ++i) {
      if (rows_[i].choice == nullptr) continue;
      const std::string& code = rows_[i].choice->folded_code;
      if (code == text || (unknown && code == "unknown")) return i;
    }
    if (holds(scene_.form.yes, text)) return marked(&pb::Choice::affirms);
    if (holds(scene_.form.no, text)) return marked(&pb::Choice::denies);
    return std::nullopt;
  }
  Found marked(bool (pb::Choice::*mark)() const) const {
    Found found;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i].choice == nullptr || !(rows_[i].choice->source->*mark)()) continue;
      if (found) return std::nullopt;
      found = i;
    }
    return found;
  }
  // "en el tren": the name after words that lead to one, in the person's language first.
  Found after_lead_ins(const Words& words) const {
    const std::size_t own = scene_.language;
    if (own != kNoIndex) {
      if (const Found row = after_lead_ins(words, own)) return row;
    }
    Found found;
    for (std::size_t language = 0; language < scene_.form.lead_ins.size(); ++language) {
      const Found row = after_lead_ins(words, language);
      if (found && row && row != found) return std::nullopt;
      if (row) found = row;
    }
    return found;
  }
  Found after_lead_ins(const Words& words, std::size_t language) const {
    bool led = false;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
      const bool leads = holds(scene_.form.lead_ins[language], words[i]);
      const bool turns = holds(scene_.form.no, words[i]);
      if (turns || (!leads && !holds(scene_.form.noise, words[i]))) return std::nullopt;
      led = led || leads;
      const std::string text = joined(std::span(words).subspan(i + 1));
      const bool plain = holds(scene_.form.yes, text) || holds(scene_.form.no, text);
      if (!led || plain || !holds(scene_.form.row_names, text)) continue;
      const auto same = [&](const std::string& name) { return name == text; };
      if (const Found row = only_in(language, language + 1, same)) return row;
    }
    return std::nullopt;
  }
  // "30 años": a choice that has the number itself for a name, never the row of that number.
  Found by_years(const Words& words) const {
    const std::string_view age = age_in(scene_.form, words);
    if (age.empty() || !holds(scene_.form.row_names, age)) return std::nullopt;
    return only([&](const std::string& name) { return name == age; });
  }
  // "1", or "1 sí" when the words are those of row 1.
  Found by_number(const Words& rest, const Words& all) const {
    const std::size_t number = number_of(scene_.form, rest.front());
    if (number == 0 || number > rows_.size()) return std::nullopt;
    const Found row = number - 1;
    if (rest.size() == 1) return row;
    for (const Words* words : {&rest, &all}) {
      if (words->front() != rest.front()) continue;
      if (by_text(joined(std::span(*words).subspan(1))) == row) return row;
    }
    return std::nullopt;
  }
  // A bare "yes" is the beginning of "yes to all", and means no such thing.
  Found by_prefix(const std::string& text) const {
    const bool plain = holds(scene_.form.yes, text) || holds(scene_.form.no, text);
    if (plain || text.size() < kShortestPrefix) return std::nullopt;
    return only([&](const std::string& name) { return name.starts_with(text); });
  }

  const Scene& scene_;
  std::span<const Row> rows_;
};

class SeveralRows {
 public:
  SeveralRows(const Scene& scene, std::span<const Row> rows) : scene_(scene), rows_(rows) {}
  using FoundAll = std::optional<std::vector<std::size_t>>;

  FoundAll find(std::span<const std::string_view> words) const {
    if (FoundAll all = numbers(words)) return all;
    if (const Found row = OneRow(scene_, rows_).find(words)) return std::vector{*row};
    if (FoundAll all = named(words, false)) return all;
    return named(words, true);
  }

 private:
  FoundAll numbers(std::span<const std::string_view> words) const {
    std::vector<std::size_t> picked;
    if (is_unclear_range(words)) return std::nullopt;
    for (const auto word : words) {
      if (word == "," || word == "-" || holds(scene_.form.between, word)) continue;
      const std::size_t number = number_of(scene_.form, word);
      if (number == 0 && holds(scene_.form.noise, word)) continue;
      if (!add_number(number, word, picked)) return std::nullopt;
    }
    if (picked.empty()) return std::nullopt;
    return picked;
  }
  // "1-3" may mean one to three, or one and three.
  bool is_unclear_range(std::span<const std::string_view> words) const {
    if (std::count(words.begin(), words.end(), "-") != 1) return false;
    const auto sign = std::find(words.begin(), words.end(), "-") - words.begin();
    const auto at = static_cast<std::size_t>(sign);
    if (at == 0 || at + 1 >= words.size()) return false;
    return number_of(scene_.form, words[at + 1]) != number_of(scene_.form, words[at - 1]) + 1;
  }
  bool add_number(std::size_t number, std::string_view word,
                  std::vector<std::size_t>& picked) const {
    if (number == 0) return false;
    if (number <= rows_.size()) return add(number - 1, picked), true;
    if (!is_digits(word) || rows_.size() > 9) return false;
    return std::all_of(word.begin(), word.end(), [&](char digit) {  // "134", but not "99"
      const auto each = static_cast<std::size_t>(digit - '0');
      const bool repeated = std::count(word.begin(), word.end(), digit) > 1;
      if (each == 0 || each > rows_.size() || repeated) return false;
      return add(each - 1, picked), true;
    });
  }
  FoundAll named(std::span<const std::string_view> words, bool at_and) const {
    std::vector<std::size_t> picked;
    Words piece;
    const auto close = [&] {
      if (piece.empty()) return true;
      const Found row = OneRow(scene_, rows_).find(piece);
      piece.clear();
      if (row) add(*row, picked);
      return row.has_value();
    };
    for (const auto word : words) {
      const bool parts = word == "," || (at_and && holds(scene_.form.between, word));
      if (!parts) piece.push_back(word);
      if (parts && !close()) return std::nullopt;
    }
    if (!close() || picked.empty()) return std::nullopt;
    return picked;
  }
  static void add(std::size_t row, std::vector<std::size_t>& picked) {
    if (std::find(picked.begin(), picked.end(), row) == picked.end()) picked.push_back(row);
  }

  const Scene& scene_;
  std::span<const Row> rows_;
};

}  // namespace

std::optional<std::size_t> understand_one(const Scene& scene, std::span<const Row> rows,
                                          std::span<const std::string_view> words) {
  return OneRow(scene, rows).find(words);
}

std::optional<std::vector<std::size_t>> understand_several(
    const Scene& scene, std::span<const Row> rows, std::span<const std::string_view> words) {
  return SeveralRows(scene, rows).find(words);
}

bool matches_any(std::span<const std::string> phrases, std::string_view text) {
  if (phrases.empty() || text.size() > kLongestFolded) return false;
  const std::string said = fold_name(text);
  return !said.empty() && std::any_of(phrases.begin(), phrases.end(), [&](const auto& phrase) {
    return fold_name(phrase) == said;
  });
}

}  // namespace resguardo::dialogue
