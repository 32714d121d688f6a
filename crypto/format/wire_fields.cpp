// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/wire_fields.h"

#include <google/protobuf/io/coded_stream.h>

#include <limits>

namespace resguardo {
namespace {

using google::protobuf::io::CodedInputStream;
using google::protobuf::io::CodedOutputStream;

constexpr std::uint32_t kVarint = 0, kLengthDelimited = 2;  // protobuf's wire types
constexpr std::size_t kMost = std::numeric_limits<int>::max();

}  // namespace

std::optional<std::uint64_t> WireFields::next(std::uint32_t tag) {
  if (rest_.size() > kMost) return std::nullopt;
  CodedInputStream in(rest_.data(), static_cast<int>(rest_.size()));
  std::uint64_t value = 0;
  if (in.ReadTag() != tag || !in.ReadVarint64(&value) || value == 0) return std::nullopt;
  const auto taken = static_cast<std::size_t>(in.CurrentPosition());
  if (taken != CodedOutputStream::VarintSize32(tag) + CodedOutputStream::VarintSize64(value))
    return std::nullopt;
  rest_ = rest_.subspan(taken);
  return value;
}

std::optional<std::uint64_t> WireFields::number(std::uint32_t field) {
  return next(field << 3U | kVarint);
}

std::optional<ByteView> WireFields::bytes(std::uint32_t field) {
  const ByteView before = rest_;
  const auto length = next(field << 3U | kLengthDelimited);
  if (!length) return std::nullopt;
  if (*length > rest_.size()) {
    rest_ = before;
    return std::nullopt;
  }
  const ByteView found = rest_.first(*length);
  rest_ = rest_.subspan(*length);
  return found;
}

}  // namespace resguardo
