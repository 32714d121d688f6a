// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/secret_text.h"

namespace resguardo::http {

// What came from a peer and was not parsed yet. Never holds more than `capacity` bytes; what is
// consumed is overwritten at once, so an idle connection remembers nothing of its last request.
class ReadBuffer {
 public:
  explicit ReadBuffer(std::size_t capacity) : capacity_(capacity) {}

  ByteView data() const noexcept { return ByteView(bytes_).subspan(begin_, end_ - begin_); }
  std::size_t size() const noexcept { return end_ - begin_; }
  bool full() const noexcept { return size() == capacity_; }

  // Room to read into; empty only when full().
  std::span<std::uint8_t> space();
  void commit(std::size_t count) noexcept { end_ += count; }
  void consume(std::size_t count) noexcept;

 private:
  std::size_t capacity_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::vector<std::uint8_t, WipingAllocator<std::uint8_t>> bytes_;
};

}  // namespace resguardo::http
