// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/surrogates.h"

#include <charconv>
#include <string_view>

namespace resguardo::gateway {
namespace {

constexpr std::size_t kEscape = 6;  // \uXXXX

// The code unit of a \uXXXX at `at`, if there is one.
std::optional<unsigned> unit_at(std::string_view text, std::size_t at) {
  if (at + kEscape > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  const char* const digits = text.data() + at + 2;
  unsigned unit = 0;
  const auto [end, error] = std::from_chars(digits, digits + 4, unit, 16);
  if (error != std::errc{} || end != digits + 4) return std::nullopt;
  return unit;
}

bool is_high(unsigned unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low(unsigned unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

void replace(SecretBuffer& buffer, std::size_t at) {
  constexpr std::string_view kReplacement = "\\ufffd";
  std::copy(kReplacement.begin(), kReplacement.end(),
            buffer.span().begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace

std::optional<SecretBuffer> replace_lone_surrogates(ByteView bytes) {
  const std::string_view text = as_text(bytes);
  std::optional<SecretBuffer> mended;
  std::size_t at = text.find('\\');
  while (at != std::string_view::npos) {
    std::size_t length = 2;  // of a simple escape
    if (const auto unit = unit_at(text, at)) {
      length = kEscape;
      const auto next = is_high(*unit) ? unit_at(text, at + kEscape) : std::nullopt;
      if (next && is_low(*next)) {
        length = 2 * kEscape;
      } else if (is_high(*unit) || is_low(*unit)) {
        if (!mended) mended.emplace(bytes);
        replace(*mended, at);
      }
    }
    at = at + length >= text.size() ? std::string_view::npos : text.find('\\', at + length);
  }
  return mended;
}

}  // namespace resguardo::gateway
