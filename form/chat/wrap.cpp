// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/chat/wrap.h"

#include "program/utf8.h"

namespace resguardo::form {
namespace {

constexpr std::u32string_view kNarrow = U"iljtfrI1.,:;!|'()[]{} ·’";
constexpr std::u32string_view kWide = U"mwMW@%—…";
constexpr char32_t kFirstPicture = 0x2190;  // arrows, signs and emoji

constexpr int kSpace = 32;

int sign_width(char32_t sign) {
  if (kNarrow.find(sign) != std::u32string_view::npos) return kSpace;
  if (kWide.find(sign) != std::u32string_view::npos) return 92;
  if (sign >= kFirstPicture) return 120;
  return sign >= U'A' && sign <= U'Z' ? 70 : 56;
}

// What fits of `word`, at least one sign.
std::size_t bytes_that_fit(std::string_view word, int most) {
  std::string_view rest = word;
  int width = 0;
  while (!rest.empty()) {
    std::string_view before = rest;
    const auto sign = program::take_code_point(rest);
    if (!sign) return word.size();
    width += sign_width(*sign);
    if (width > most && before.size() < word.size()) return word.size() - before.size();
  }
  return word.size();
}

void add_word(std::vector<std::string>& lines, std::string_view word, int most) {
  const bool first = lines.back().empty();
  if (!first && width_of(lines.back()) + width_of(word) + kSpace > most) lines.emplace_back();
  if (!lines.back().empty()) lines.back() += ' ';
  for (;;) {
    const std::size_t fits = bytes_that_fit(word, most);
    lines.back().append(word.substr(0, fits));
    word.remove_prefix(fits);
    if (word.empty()) return;
    lines.emplace_back();
  }
}

}  // namespace

int width_of(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const auto sign = program::take_code_point(text);
    if (!sign) break;
    width += sign_width(*sign);
  }
  return width;
}

std::vector<std::string> wrap(std::string_view text, int most) {
  std::vector<std::string> lines{std::string()};
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\n') {
      lines.emplace_back();
      ++at;
    } else if (text[at] == ' ') {
      ++at;
    } else {
      const auto end = std::min(text.find_first_of(" \n", at), text.size());
      add_word(lines, text.substr(at, end - at), most);
      at = end;
    }
  }
  return lines;
}

}  // namespace resguardo::form
