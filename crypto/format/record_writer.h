// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/secret_text.h"

namespace resguardo {

// Writes protobuf wire format (https://protobuf.dev/programming-guides/encoding/) straight into
// wiping memory, because protobuf's own strings are not wiped when they grow. A golden test checks
// that it writes what protoc's code writes for proto/record.proto, byte for byte.
//
// Fields must be written in ascending order, as the canonical form has them; a field with its
// default value is not written (proto3).
class WireWriter {
 public:
  void varint(std::uint32_t field, std::uint64_t value);
  // An arm of a oneof: written also when it is 0.
  void present_varint(std::uint32_t field, std::uint64_t value);
  void text(std::uint32_t field, std::string_view value);
  void bytes(std::uint32_t field, ByteView value);
  void fixed_double(std::uint32_t field, double value);
  // An element of a repeated field: written also when it is empty.
  void element(std::uint32_t field, ByteView value);
  void packed(std::uint32_t field, std::span<const std::uint32_t> values);
  void message(std::uint32_t field, const WireWriter& content);  // written also when empty
  ByteView view() const { return buffer_.view(); }
  SecretBuffer take() { return std::move(buffer_); }

 private:
  SecretBuffer buffer_;
};

// A record under construction: the salt, the time, the message's keyed hash, then entries.
// `salt16` has 16 bytes and comes from the record alone: it keeps the record's digest from being
// guessed from its content.
class RecordWriter {
 public:
  RecordWriter(ByteView salt16, TimePoint time, ByteView message_id16 /* may be empty */);
  // `field` is the arm of pb::Entry's oneof; `content` its message.
  void entry(std::uint32_t field, const WireWriter& content);
  bool empty() const { return entries_ == 0; }
  // Adds one Padding entry if there is none at all.
  SecretBuffer finish();  // the writer is empty afterwards

 private:
  WireWriter writer_;
  std::size_t entries_ = 0;
};

}  // namespace resguardo
