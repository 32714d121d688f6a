// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/base/bytes.h"

#include <sodium.h>

namespace resguardo {
namespace {
constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
}

std::string to_hex(ByteView bytes) {
  std::string text(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  text.pop_back();
  return text;
}

Result<Bytes> parse_hex(std::string_view text) {
  if (text.empty()) return Bytes{};
  Bytes bytes(text.size() / 2 + 1);  // libsodium wants somewhere to write, also for one digit
  std::size_t length = 0;
  const char* end = nullptr;
  const bool read = sodium_hex2bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr,
                                   &length, &end) == 0;
  if (!read || length * 2 != text.size() || end != text.data() + text.size())
    return Error{Fault::kMalformed, "not hexadecimal"};
  bytes.resize(length);
  if (to_hex(bytes) != text) return Error{Fault::kMalformed, "hexadecimal must be lower-case"};
  return bytes;
}

std::string to_base64(ByteView bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kVariant);
  text.pop_back();
  return text;
}

Result<Bytes> parse_base64(std::string_view text) {
  if (text.empty()) return Bytes{};
  Bytes bytes(text.size() / 4 * 3 + 3);
  std::size_t length = 0;
  const char* end = nullptr;
  const bool read = sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr,
                                      &length, &end, kVariant) == 0;
  if (!read || end != text.data() + text.size()) return Error{Fault::kMalformed, "not base64"};
  bytes.resize(length);
  // libsodium accepts trailing bits that are not zero in some versions: one text per value.
  if (to_base64(bytes) != text) return Error{Fault::kMalformed, "base64 is not canonical"};
  return bytes;
}

}  // namespace resguardo
