// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/record_writer.h"

#include <bit>

namespace resguardo {
namespace {

enum class WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kLength = 2 };

constexpr std::uint32_t kSalt = 1;
constexpr std::uint32_t kTime = 2;
constexpr std::uint32_t kMessageId = 3;
constexpr std::uint32_t kEntries = 4;
constexpr std::uint32_t kPadding = 6;  // arm of pb::Entry

void put_varint(SecretBuffer& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
}

void put_tag(SecretBuffer& out, std::uint32_t field, WireType type) {
  put_varint(out, std::uint64_t{field} << 3 | static_cast<std::uint64_t>(type));
}

std::size_t varint_size(std::uint64_t value) {
  return value == 0 ? 1 : (static_cast<std::size_t>(std::bit_width(value)) + 6) / 7;
}

}  // namespace

void WireWriter::varint(std::uint32_t field, std::uint64_t value) {
  if (value != 0) present_varint(field, value);
}

void WireWriter::present_varint(std::uint32_t field, std::uint64_t value) {
  put_tag(buffer_, field, WireType::kVarint);
  put_varint(buffer_, value);
}

void WireWriter::text(std::uint32_t field, std::string_view value) {
  bytes(field, as_bytes(value));
}

void WireWriter::bytes(std::uint32_t field, ByteView value) {
  if (!value.empty()) element(field, value);
}

void WireWriter::fixed_double(std::uint32_t field, double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  if (bits == 0) return;  // +0; protoc's code writes −0
  put_tag(buffer_, field, WireType::kFixed64);
  for (unsigned shift = 0; shift < 64; shift += 8)
    buffer_.push_back(static_cast<std::uint8_t>(bits >> shift));
}

void WireWriter::element(std::uint32_t field, ByteView value) {
  put_tag(buffer_, field, WireType::kLength);
  put_varint(buffer_, value.size());
  buffer_.append(value);
}

void WireWriter::packed(std::uint32_t field, std::span<const std::uint32_t> values) {
  if (values.empty()) return;
  std::size_t size = 0;
  for (const std::uint32_t value : values) size += varint_size(value);
  put_tag(buffer_, field, WireType::kLength);
  put_varint(buffer_, size);
  for (const std::uint32_t value : values) put_varint(buffer_, value);
}

void WireWriter::message(std::uint32_t field, const WireWriter& content) {
  element(field, content.view());
}

RecordWriter::RecordWriter(ByteView salt16, TimePoint time, ByteView message_id16) {
  writer_.bytes(kSalt, salt16);
  writer_.varint(kTime, static_cast<std::uint64_t>(time.time_since_epoch().count()));
  writer_.bytes(kMessageId, message_id16);
}

void RecordWriter::entry(std::uint32_t field, const WireWriter& content) {
  WireWriter arm;
  arm.message(field, content);
  writer_.message(kEntries, arm);
  ++entries_;
}

SecretBuffer RecordWriter::finish() {
  if (entries_ == 0) entry(kPadding, WireWriter());
  entries_ = 0;
  return writer_.take();
}

}  // namespace resguardo
