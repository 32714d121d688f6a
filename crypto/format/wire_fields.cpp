// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/wire_fields.h"

namespace resguardo {
namespace {

constexpr std::uint32_t kVarint = 0;
constexpr std::uint32_t kBytes = 2;
constexpr std::size_t kLongest = 9;  // bytes of seven bits: more than any count, length or time has

}  // namespace

std::optional<std::uint64_t> WireFields::varint(ByteView& from) const {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < kLongest && i < from.size(); ++i) {
    value |= std::uint64_t{from[i] & 0x7fU} << (7 * i);
    if ((from[i] & 0x80U) != 0) continue;
    if (from[i] == 0) return std::nullopt;  // a default, or longer than it needs to be
    from = from.subspan(i + 1);
    return value;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> WireFields::number(std::uint32_t field) {
  if (rest_.empty() || rest_[0] != (field << 3U | kVarint)) return std::nullopt;
  ByteView after = rest_.subspan(1);
  const auto value = varint(after);
  if (value) rest_ = after;
  return value;
}

std::optional<ByteView> WireFields::bytes(std::uint32_t field) {
  if (rest_.empty() || rest_[0] != (field << 3U | kBytes)) return std::nullopt;
  ByteView after = rest_.subspan(1);
  const auto length = varint(after);
  if (!length || *length > after.size()) return std::nullopt;
  rest_ = after.subspan(*length);
  return after.first(*length);
}

}  // namespace resguardo
