// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"

namespace resguardo {

// Bytes that may be published: ciphertext, headers, public keys, digests. What must not be
// published is SecretBytes, SecretBuffer or SecretText (secret_bytes.h, secret_text.h).
using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes to_bytes(ByteView bytes) {
  return {bytes.begin(), bytes.end()};
}
inline std::string to_string(ByteView bytes) {
  return std::string(as_text(bytes));
}
inline bool equal(ByteView a, ByteView b) {  // public data only; secrets: constant_time_equal
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

// A fixed number of public bytes with a meaning: ReportId does not convert to SetId.
template <class Meaning, std::size_t kLength>
struct FixedBytes {
  static constexpr std::size_t kSize = kLength;
  std::array<std::uint8_t, kLength> bytes{};

  static std::optional<FixedBytes> from(ByteView source) {
    if (source.size() != kLength) return std::nullopt;
    FixedBytes result;
    std::copy(source.begin(), source.end(), result.bytes.begin());
    return result;
  }
  ByteView view() const { return bytes; }
  std::string str() const { return to_string(bytes); }
  friend auto operator<=>(const FixedBytes&, const FixedBytes&) = default;
};

struct ReportIdMeaning;
struct SetIdMeaning;
struct MemberIdMeaning;
struct RowIdMeaning;
struct DigestMeaning;
struct ReplyIdMeaning;
struct ReplacementTokenMeaning;
using ReportId = FixedBytes<ReportIdMeaning, 16>;
using SetId = FixedBytes<SetIdMeaning, 16>;
using MemberId = FixedBytes<MemberIdMeaning, 16>;
using RowId = FixedBytes<RowIdMeaning, 16>;
using ReplyId = FixedBytes<ReplyIdMeaning, 16>;
using ReplacementToken = FixedBytes<ReplacementTokenMeaning, 32>;  // replaces one receipt, once
using Digest =
    FixedBytes<DigestMeaning, 32>;  // BLAKE2b-256 or SHA-256; the field's name says which

// For hash tables keyed by values that are random already.
struct FixedBytesHash {
  template <class Meaning, std::size_t kLength>
  std::size_t operator()(const FixedBytes<Meaning, kLength>& value) const noexcept {
    std::size_t result = 0;
    std::memcpy(&result, value.bytes.data(), std::min(sizeof result, kLength));
    return result;
  }
};

// Strict, lower-case, no separators.
std::string to_hex(ByteView bytes);
Result<Bytes> parse_hex(std::string_view text);

// RFC 4648 §4 with padding. Strict: one text for each value, anything else is kMalformed.
std::string to_base64(ByteView bytes);
Result<Bytes> parse_base64(std::string_view text);

}  // namespace resguardo
