// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace resguardo::dialogue {

// `text` with value_of(name) in the place of each {name}; a bracket that is not closed stays.
template <class ValueOf>
std::string with_placeholders_filled(std::string_view text, ValueOf&& value_of) {
  constexpr std::size_t kRoomForMore = 96;  // a hint often follows
  std::string filled;
  filled.reserve(text.size() + kRoomForMore);
  while (true) {
    const auto open = text.find('{');
    const auto close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) return filled.append(text);
    filled.append(text.substr(0, open));
    filled += value_of(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
}

}  // namespace resguardo::dialogue
