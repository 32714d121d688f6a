// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/evened.h"

#include <algorithm>

namespace resguardo::dialogue {
namespace {

void as_lines(Prompt& prompt) {
  std::size_t number = 0;
  for (const PromptChoice& choice : prompt.choices) {
    prompt.text.append(number == 0 ? "\n\n" : "\n");
    ++number;
    prompt.text.append(std::to_string(number)).append(". ").append(choice.title);
  }
  if (number > 0 && !prompt.numbers_hint.empty())
    prompt.text.append("\n\n").append(prompt.numbers_hint);
  prompt.choices.clear();
  prompt.multiple = false;
  prompt.asks_location = false;
  prompt.list_button = prompt.numbers_hint = prompt.list_hint = {};
}

}  // namespace

std::size_t length_in_json(std::string_view text) {
  constexpr std::size_t kShort = 2;  // \n
  constexpr std::size_t kLong = 6;   // \u001f
  constexpr std::string_view kNamed = "\"\\\b\f\n\r\t";
  std::size_t length = 0;
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20;
    length += kNamed.find(c) != std::string_view::npos ? kShort : control ? kLong : 1;
  }
  return length;
}

void even_out(Prompt& one, Prompt& other) {
  as_lines(one);
  as_lines(other);
  const std::size_t first = length_in_json(one.text);
  const std::size_t second = length_in_json(other.text);
  const std::size_t most = std::max(first, second);
  one.text.append(most - first, ' ');
  other.text.append(most - second, ' ');
}

}  // namespace resguardo::dialogue
