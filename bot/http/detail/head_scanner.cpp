// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/http/detail/head_scanner.h"

namespace resguardo::http {

HeadScanner::Verdict HeadScanner::scan(ByteView buffered) noexcept {
  while (position_ < buffered.size()) {
    if (position_ == limit_) return Verdict::kTooLong;
    const Verdict verdict = step(buffered[position_]);
    if (verdict == Verdict::kMalformed) return verdict;
    ++position_;
    if (verdict == Verdict::kComplete) return verdict;
  }
  return position_ == limit_ ? Verdict::kTooLong : Verdict::kMore;
}

HeadScanner::Verdict HeadScanner::step(std::uint8_t byte) noexcept {
  if (after_cr_) {
    if (byte != '\n') return Verdict::kMalformed;
    after_cr_ = false;
    if (line_length_ == 0) return first_line_ ? Verdict::kMalformed : Verdict::kComplete;
    line_length_ = 0;
    first_line_ = false;
    return Verdict::kMore;
  }
  if (byte == '\r') {
    after_cr_ = true;
    return Verdict::kMore;
  }
  const bool control = (byte < 0x20 && byte != '\t') || byte == 0x7f;
  const bool indented = line_length_ == 0 && (byte == ' ' || byte == '\t');
  if (control || indented) return Verdict::kMalformed;
  ++line_length_;
  return Verdict::kMore;
}

}  // namespace resguardo::http
