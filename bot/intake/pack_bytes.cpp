// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/pack_bytes.h"

#include <algorithm>

namespace resguardo::intake {
namespace {

constexpr unsigned kBits = 7;
constexpr std::uint8_t kMore = 0x80;

}  // namespace

void PackWriter::number(std::uint64_t value) {
  while (value >= kMore) {
    bytes_.push_back(static_cast<std::uint8_t>(value) | kMore);
    value >>= kBits;
  }
  bytes_.push_back(static_cast<std::uint8_t>(value));
}

void PackWriter::difference(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value) << 1;
  number(value < 0 ? ~bits : bits);
}

void PackWriter::text(std::string_view text) {
  number(text.size());
  raw(as_bytes(text));
}

void PackWriter::word(std::string_view word) {
  const auto known = glossary_.number_of(word);
  if (known) return number(std::uint64_t{*known} + 1);
  number(0);
  text(word);
}

std::uint64_t PackReader::number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !bytes_.empty(); shift += kBits) {
    const std::uint8_t byte = bytes_.front();
    bytes_ = bytes_.subspan(1);
    value |= static_cast<std::uint64_t>(byte & ~kMore) << shift;
    if ((byte & kMore) == 0) break;
  }
  return value;
}

std::int64_t PackReader::difference() {
  const std::uint64_t bits = number();
  const std::uint64_t half = bits >> 1;
  return static_cast<std::int64_t>((bits & 1) != 0 ? ~half : half);
}

ByteView PackReader::raw(std::size_t size) {
  const ByteView taken = bytes_.first(std::min(size, bytes_.size()));
  bytes_ = bytes_.subspan(taken.size());
  return taken;
}

std::string PackReader::word() {
  const std::uint64_t known = number();
  if (known == 0) return text();
  return std::string(glossary_.word(static_cast<std::uint32_t>(known - 1)));
}

}  // namespace resguardo::intake
