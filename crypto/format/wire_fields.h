// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "crypto/base/bytes.h"

namespace resguardo {

// Reads the fields of a small message in the canonical form (strict_parse.h), where they lie and in
// ascending order, for messages of which there are very many. A field that is absent, empty, zero,
// or not in its shortest form is not there for it. Tags and numbers are read by protobuf's own
// CodedInputStream; what a message costs there is its object, which this does without.
//
// WARNING: whoever takes what it found must have seen ended(), and leaves everything else to
// parse_strict().
class WireFields {
 public:
  explicit WireFields(ByteView message) : rest_(message) {}
  // `field` below 16. Nothing: it does not come next.
  std::optional<ByteView> bytes(std::uint32_t field);
  std::optional<std::uint64_t> number(std::uint32_t field);
  bool ended() const { return rest_.empty(); }

 private:
  // A field's number or length behind its tag, in its shortest form; `rest_` is what comes behind.
  std::optional<std::uint64_t> next(std::uint32_t tag);
  ByteView rest_;
};

}  // namespace resguardo
