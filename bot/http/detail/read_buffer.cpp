// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/http/detail/read_buffer.h"

#include <algorithm>
#include <cstring>

#include "crypto/base/secret_bytes.h"

namespace resguardo::http {
namespace {
constexpr std::size_t kFirstSize = 2048;
}

std::span<std::uint8_t> ReadBuffer::space() {
  if (begin_ > 0) {
    const std::size_t old_end = end_;
    std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    wipe(std::span(bytes_).subspan(end_, old_end - end_));
  }
  if (end_ == bytes_.size() && bytes_.size() < capacity_) {
    bytes_.resize(std::min(capacity_, std::max(kFirstSize, bytes_.size() * 2)));
  }
  return std::span(bytes_).subspan(end_);
}

void ReadBuffer::consume(std::size_t count) noexcept {
  wipe(std::span(bytes_).subspan(begin_, count));
  begin_ += count;
  if (begin_ == end_) begin_ = end_ = 0;
}

}  // namespace resguardo::http
