// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/reading/numbers.h"

#include <algorithm>

namespace resguardo::dialogue {
namespace {

constexpr std::int64_t kOne = 100;  // in hundredths
constexpr std::int64_t kMost = 1'000'000'000'000 * kOne;
constexpr std::size_t kMostDigits = 12;

bool all_digits(std::string_view word) {
  return !word.empty() &&
         std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}
std::int64_t value_of(std::string_view digits) {
  std::int64_t value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// "1500", "1.500", "1 500", "1,500.50", "2.5": which sign groups and which begins the fraction is
// seen from what follows it.
class Figures {
 public:
  Figures(WordsSpan words, std::size_t from) : words_(words), from_(from) {}

  NumberAt read() {
    if (!digits_at(from_) || words_[from_].size() > kMostDigits) return {};
    whole_ = value_of(words_[from_]);
    at_ = from_ + 1;
    while (group()) {
    }
    fraction();
    return {at_ - from_, whole_ * kOne + cents_, false};
  }

 private:
  bool digits_at(std::size_t at) const { return at < words_.size() && all_digits(words_[at]); }
  bool sign_at(std::size_t at) const {
    return at < words_.size() && (words_[at] == "." || words_[at] == ",");
  }
  bool group() {
    const bool first = at_ == from_ + 1;
    const bool sign = sign_at(at_);
    const std::size_t next = at_ + (sign ? 1 : 0);
    if (!digits_at(next) || words_[next].size() != 3 || whole_ > kMost / kOne / 1000) return false;
    if (first && (words_[from_].size() > 3 || whole_ == 0)) return false;
    if (!first && (sign ? words_[at_] : std::string_view()) != grouped_by_) return false;
    if (first && sign) grouped_by_ = words_[at_];
    whole_ = whole_ * 1000 + value_of(words_[next]);
    at_ = next + 1;
    return true;
  }
  void fraction() {
    if (!sign_at(at_) || words_[at_] == grouped_by_ || !digits_at(at_ + 1)) return;
    const auto digits = words_[at_ + 1];
    if (digits.size() > 2) return;
    cents_ = value_of(digits) * (digits.size() == 1 ? 10 : 1);
    at_ += 2;
  }

  WordsSpan words_;
  std::size_t from_;
  std::size_t at_ = 0;
  std::int64_t whole_ = 0;
  std::int64_t cents_ = 0;
  std::string_view grouped_by_;
};

// Number words after one another, as long as each adds to the ones before.
class Sum {
 public:
  Sum(const Lexicon& lexicon, WordsSpan words, std::size_t from)
      : lexicon_(lexicon), words_(words), from_(from), at_(from) {}

  NumberAt read() {
    begin();
    while (at_ < words_.size() && step()) {
    }
    if (!any_) return {};
    return {at_ - from_, total_ + current_, article_ && at_ == from_ + 1};
  }

 private:
  void begin() {
    const NumberAt figures = Figures(words_, from_).read();
    const auto article = lexicon_.articles.at(words_, from_);
    if (figures.words > 0) take(figures.words, figures.hundredths);
    if (figures.words > 0 || lexicon_.cardinals.at(words_, from_).words > 0) return;
    if (article.words == 0) return;
    article_ = true;
    take(article.words, article.value * kOne);
  }
  void take(std::size_t words, std::int64_t current) {
    current_ = current;
    has_current_ = any_ = true;
    at_ += words;
  }
  bool step() {
    if (add(at_)) return true;
    const auto and_word = lexicon_.between.at(words_, at_);
    if (!any_ || and_word.words != 1 || !has_current_) return false;
    const std::size_t before = at_;
    const auto next = lexicon_.cardinals.at(words_, at_ + 1);
    if (next.words == 0 || next.value >= 100 || !add(at_ + 1)) return at_ = before, false;
    return true;
  }
  bool add(std::size_t at) {
    const auto word = lexicon_.cardinals.at(words_, at);
    if (word.words == 0) return false;
    if (word.value >= 1000) return multiply(at, word);
    if (word.value == 100 && has_current_ && current_ >= 2 * kOne && current_ < 10 * kOne) {
      current_ *= 100;
      at_ = at + word.words;
      return true;
    }
    if (has_current_ && !fits(word.value)) return false;
    if (!has_current_ && any_ && total_ == 0) return false;
    current_ = (has_current_ ? current_ : 0) + word.value * kOne;
    has_current_ = any_ = true;
    at_ = at + word.words;
    return true;
  }
  bool multiply(std::size_t at, Phrases::Found word) {
    if (word.value >= scale_ || (has_current_ && current_ > kMost / word.value)) return false;
    total_ += (has_current_ ? current_ : kOne) * word.value;
    scale_ = word.value;
    current_ = 0;
    has_current_ = false;
    any_ = true;
    at_ = at + word.words;
    digits_after_thousand();
    return true;
  }
  // "2 mil 500"
  void digits_after_thousand() {
    if (at_ >= words_.size() || !all_digits(words_[at_]) || words_[at_].size() != 3) return;
    current_ = value_of(words_[at_++]) * kOne;
    has_current_ = true;
  }
  // Does a word add to what stands before it: "treinta y cinco", "cent vingt", "soixante-douze"?
  bool fits(std::int64_t value) const {
    const std::int64_t ones = current_ / kOne;
    if (value < 10) return ones >= 20 && ones % 10 == 0;
    const bool teens = value < 20 && (ones % 100 == 60 || ones % 100 == 80);
    if (value < 100) return teens || (ones >= 100 && ones % 100 == 0);
    return false;
  }

  const Lexicon& lexicon_;
  WordsSpan words_;
  std::size_t from_;
  std::size_t at_;
  std::int64_t total_ = 0;
  std::int64_t current_ = 0;
  std::int64_t scale_ = kMost;
  bool has_current_ = false;
  bool any_ = false;
  bool article_ = false;
};

}  // namespace

NumberAt number_at(const Lexicon& lexicon, WordsSpan words, std::size_t from) {
  return Sum(lexicon, words, from).read();
}

std::optional<std::int64_t> read_number(const Lexicon& lexicon, WordsSpan words, bool own) {
  constexpr std::size_t kShortestForeign = 3;
  const std::size_t most_unknown = own ? 2 : 0;
  std::optional<NumberAt> found;
  std::size_t unknown = 0;
  bool of_time = false;  // "hace 3 días"
  for (std::size_t i = 0; i < words.size();) {
    const auto noise = lexicon.number_noise.at(words, i);
    const NumberAt number = number_at(lexicon, words, i);
    if (number.words == 0 || (number.article && noise.words >= number.words)) {
      const bool of_day =
          lexicon.months.at(words, i).words > 0 || lexicon.no.at(words, i).words > 0;
      const bool sign =
          words[i].size() == 1 && noise.words == 0 && !(words[i][0] >= 'a' && words[i][0] <= 'z');
      if (of_day || (sign && found)) return std::nullopt;
      if (noise.words == 0) ++unknown;
      of_time = of_time || lexicon.units.at(words, i).words > 0;
      i += std::max(noise.words, std::size_t{1});
      continue;
    }
    const bool short_word =
        number.words == 1 && !all_digits(words[i]) && words[i].size() < kShortestForeign;
    if (!own && (short_word || number.article)) return std::nullopt;
    i += number.words;
    if (found && number.article) {
      ++unknown;
      continue;
    }
    if (found && !found->article) return std::nullopt;
    found = number;
  }
  if (!found || unknown > most_unknown || (found->article && unknown > 0)) return std::nullopt;
  if (of_time && unknown > 0) return std::nullopt;
  if (found->hundredths % kOne != 0) return std::nullopt;
  return found->hundredths / kOne;
}

}  // namespace resguardo::dialogue
