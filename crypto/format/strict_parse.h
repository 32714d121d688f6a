// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <google/protobuf/message.h>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace resguardo {

// Exact bytes of a message: fields in ascending order, nothing that is a default. What is hashed
// or signed is made by this once and travels as bytes from then on.
Bytes serialize_canonical(const google::protobuf::Message& message);

// Reads `bytes` into `message` only if they are the canonical form of something this version
// knows. See parse_strict.
Status parse_strict_into(ByteView bytes, google::protobuf::Message& message);

// One encoding for each meaning: refuses (kMalformed) trailing bytes, unknown fields at any depth,
// enum values without a name, a singular field twice, fields out of order, long varints, explicit
// defaults, strings that are not UTF-8.
//
// WARNING: says nothing about lengths, ranges, counts or absent fields: that is the caller's. The
// caller also bounds bytes.size(); the message takes a small multiple of it in memory.
template <class Message>
Result<Message> parse_strict(ByteView bytes) {
  Message message;
  RESGUARDO_CHECK(parse_strict_into(bytes, message));
  return message;
}

}  // namespace resguardo
