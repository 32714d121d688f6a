// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/plain_name.h"

#include <cstdint>
#include <optional>

namespace resguardo {
namespace {

// The next code point, taken off `rest`; nullopt: not UTF-8 (RFC 3629: shortest form, no
// surrogates, up to U+10FFFF).
std::optional<char32_t> take_code_point(std::string_view& rest) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(rest[i]); };
  const std::uint8_t first = byte(0);
  const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || rest.size() < length) return std::nullopt;
  char32_t point = length == 1 ? first : first & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return std::nullopt;
    point = point << 6U | (byte(i) & 0x3fU);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (point < kSmallest[length] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
    return std::nullopt;
  rest.remove_prefix(length);
  return point;
}

bool printable(char32_t point) {
  const auto within = [&](char32_t low, char32_t high) { return point >= low && point <= high; };
  return !within(0, 0x1f) && !within(0x7f, 0x9f) &&  // controls
         point != 0x200b && point != 0x200e && point != 0x200f &&
         !within(0x2028, 0x202e) &&  // separators, direction
         !within(0x2060, 0x206f) &&  // invisible, direction
         point != 0x061c && point != 0xfeff && point != 0x00ad;
}

}  // namespace

bool is_plain_name(std::string_view text) {
  if (text.empty() || text.size() > kMaxName) return false;
  if (text.front() == ' ' || text.back() == ' ') return false;
  while (!text.empty()) {
    const auto point = take_code_point(text);
    if (!point || !printable(*point)) return false;
  }
  return true;
}

}  // namespace resguardo
