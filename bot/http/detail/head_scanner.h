// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "crypto/base/bytes.h"

namespace resguardo::http {

// Finds the end of a message head (RFC 9112 §2.1) and refuses what parsers are known to disagree
// about, before one sees it: bare CR or LF, NUL and other controls, folded or indented lines, an
// empty first line. It says nothing about what the lines mean.
class HeadScanner {
 public:
  enum class Verdict : std::uint8_t { kMore, kComplete, kMalformed, kTooLong };

  // `limit` counts every byte up to and with the empty line.
  explicit HeadScanner(std::size_t limit) : limit_(limit) {}

  // `buffered` is everything since the head's first byte; the same bytes are not looked at twice.
  Verdict scan(ByteView buffered) noexcept;
  std::size_t length() const noexcept { return position_; }  // of the head, once complete

 private:
  Verdict step(std::uint8_t byte) noexcept;

  std::size_t limit_;
  std::size_t position_ = 0;
  std::size_t line_length_ = 0;
  bool first_line_ = true;
  bool after_cr_ = false;
};

}  // namespace resguardo::http
