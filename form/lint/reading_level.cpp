// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/lint/reading_level.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "program/utf8.h"

namespace resguardo::form {
namespace {

using Word = std::u32string;

bool in(std::u32string_view set, char32_t c) {
  return set.find(c) != std::u32string_view::npos;
}
char32_t lower(char32_t c) {
  if (c >= U'A' && c <= U'Z') return c + 32;
  if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;  // À to Þ
  return c;
}
bool is_letter(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= 0xE0 && c <= 0xFF && c != 0xF7);
}

// Two vowels that are said apart: two open ones, or an accented closed one beside another.
bool said_apart(char32_t a, char32_t b) {
  const bool open = in(U"aeoáéó", a) && in(U"aeoáéó", b);
  return open || in(U"íú", a) || in(U"íú", b);
}
std::size_t spanish_syllables(const Word& word) {
  constexpr std::u32string_view kVowels = U"aeiouáéíóúü";
  std::size_t count = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (!in(kVowels, word[i])) continue;
    const bool joined = i > 0 && in(kVowels, word[i - 1]) && !said_apart(word[i - 1], word[i]);
    if (!joined) ++count;
  }
  return std::max<std::size_t>(count, 1);
}
std::size_t english_syllables(const Word& word) {
  constexpr std::u32string_view kVowels = U"aeiouy";
  std::size_t groups = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (in(kVowels, word[i]) && (i == 0 || !in(kVowels, word[i - 1]))) ++groups;
  }
  const bool silent = word.ends_with(U"e") && !word.ends_with(U"le") && groups > 1;
  return std::max<std::size_t>(groups - (silent ? 1 : 0), 1);
}

class Counter {
 public:
  explicit Counter(std::string_view language) : spanish_(language == "es") {}
  void take(char32_t c) {
    if (c == U'{') braces_ = true;
    const bool skipped = braces_;
    if (c == U'}') braces_ = false;
    if (skipped) return;
    const char32_t letter = lower(c);
    if (is_letter(letter)) {
      word_ += letter;
      return;
    }
    end_word();
    if (in(U".!?:;\n•", c)) end_sentence();
  }
  Reading finish() {
    end_word();
    end_sentence();
    return reading_;
  }

 private:
  void end_word() {
    if (word_.empty()) return;
    ++reading_.words;
    reading_.syllables += spanish_ ? spanish_syllables(word_) : english_syllables(word_);
    word_.clear();
    words_in_sentence_ = true;
  }
  void end_sentence() {
    if (words_in_sentence_) ++reading_.sentences;
    words_in_sentence_ = false;
  }
  bool spanish_;
  bool braces_ = false;
  bool words_in_sentence_ = false;
  Word word_;
  Reading reading_;
};

}  // namespace

Reading& Reading::operator+=(const Reading& other) {
  words += other.words;
  sentences += other.sentences;
  syllables += other.syllables;
  return *this;
}

bool can_measure(std::string_view language) {
  return language == "es" || language == "en";
}

Reading read_text(std::string_view text, std::string_view language) {
  Counter counter(language);
  while (!text.empty()) {
    const auto c = program::take_code_point(text);
    if (!c) break;
    counter.take(*c);
  }
  return counter.finish();
}

std::optional<double> reading_ease(const Reading& reading, std::string_view language) {
  if (reading.words == 0 || reading.sentences == 0 || !can_measure(language)) return std::nullopt;
  const auto words = static_cast<double>(reading.words);
  const double per_word = static_cast<double>(reading.syllables) / words;
  const double per_sentence = words / static_cast<double>(reading.sentences);
  if (language == "es") return 206.835 - 62.3 * per_word - per_sentence;
  return 206.835 - 84.6 * per_word - 1.015 * per_sentence;
}

double easy_enough(std::string_view language) {
  return language == "es" ? 65 : 60;
}

}  // namespace resguardo::form
