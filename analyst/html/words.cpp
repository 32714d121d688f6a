// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/html/words.h"

#include "data/page_words.h"

namespace resguardo::analyst {
namespace {

// "key = text", one a line, the first of a file being its language; what has no "=" says nothing.
std::map<std::string, std::string, std::less<>> read_words(std::string_view source) {
  std::map<std::string, std::string, std::less<>> texts;
  while (!source.empty()) {
    const auto end = source.find('\n');
    const std::string_view line = source.substr(0, end);
    source.remove_prefix(end == std::string_view::npos ? source.size() : end + 1);
    const auto sign = line.find(" = ");
    if (sign != std::string_view::npos) texts.emplace(line.substr(0, sign), line.substr(sign + 3));
  }
  return texts;
}

void replace(std::string& text, const std::string& mark, const std::string& by) {
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + by.size()))
    text.replace(at, mark.size(), by);
}

}  // namespace

Words Words::in(std::string_view language) {
  Words english;
  for (const StaticText source : data::page_words) {
    Words words;
    words.texts_ = read_words(source.view());
    words.language_ = words.texts_["language"];
    if (words.language_ == language) return words;
    if (words.language_ == "en") english = std::move(words);
  }
  return english;
}

std::string Words::operator()(std::string_view key,
                              std::initializer_list<std::string> parts) const {
  const auto found = texts_.find(key);
  std::string text = found == texts_.end() ? std::string(key) : found->second;
  int number = 0;
  for (const std::string& part : parts) replace(text, "{" + std::to_string(++number) + "}", part);
  return text;
}

}  // namespace resguardo::analyst
