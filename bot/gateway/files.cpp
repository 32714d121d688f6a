// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/files.h"

namespace resguardo::gateway {

std::optional<Digest> digest_told(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  const auto bytes = text.size() == 2 * Digest::kSize ? parse_hex(lower) : parse_base64(text);
  return bytes.ok() ? Digest::from(*bytes) : std::nullopt;
}

}  // namespace resguardo::gateway
