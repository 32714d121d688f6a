// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/secret_bytes.h"

namespace resguardo {

// An allocator that overwrites what it gives back, whatever the process-wide hooks do.
template <class T>
struct WipingAllocator {
  using value_type = T;
  WipingAllocator() = default;
  template <class U>
  explicit WipingAllocator(const WipingAllocator<U>&) noexcept {}
  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T))); }
  void deallocate(T* memory, std::size_t count) noexcept {
    wipe({reinterpret_cast<std::uint8_t*>(memory), count * sizeof(T)});
    ::operator delete(memory);
  }
  template <class U>
  bool operator==(const WipingAllocator<U>&) const noexcept {
    return true;
  }
};

// Short-lived bytes of a testimony on their way into the seal: encoded records, request bodies.
// Growing wipes the old storage. Moves only; not locked, so never for keys.
class SecretBuffer {
 public:
  SecretBuffer() = default;
  explicit SecretBuffer(std::size_t size) : bytes_(size) {}
  explicit SecretBuffer(ByteView copy) : bytes_(copy.begin(), copy.end()) {}
  SecretBuffer(SecretBuffer&&) noexcept = default;
  SecretBuffer& operator=(SecretBuffer&&) noexcept = default;
  SecretBuffer(const SecretBuffer&) = delete;
  SecretBuffer& operator=(const SecretBuffer&) = delete;
  ~SecretBuffer() = default;

  std::size_t size() const noexcept { return bytes_.size(); }
  bool empty() const noexcept { return bytes_.empty(); }
  ByteView view() const noexcept { return bytes_; }
  std::span<std::uint8_t> span() noexcept { return bytes_; }
  void reserve(std::size_t size) { bytes_.reserve(size); }
  void append(ByteView more) { bytes_.insert(bytes_.end(), more.begin(), more.end()); }
  void push_back(std::uint8_t byte) { bytes_.push_back(byte); }
  void resize(std::size_t size) { bytes_.resize(size); }

 private:
  std::vector<std::uint8_t, WipingAllocator<std::uint8_t>> bytes_;
};

// What a person wrote or who they are: UTF-8 that is wiped when it goes. There is no copy but
// clone(), no ==, no <<, and reveal() is easy to search for.
class SecretText {
 public:
  SecretText() = default;
  explicit SecretText(std::string_view text) : buffer_(as_bytes(text)) {}
  explicit SecretText(SecretBuffer&& utf8) noexcept : buffer_(std::move(utf8)) {}
  SecretText(SecretText&&) noexcept = default;
  SecretText& operator=(SecretText&&) noexcept = default;

  std::string_view reveal() const noexcept { return as_text(buffer_.view()); }
  bool empty() const noexcept { return buffer_.empty(); }
  std::size_t size() const noexcept { return buffer_.size(); }
  SecretText clone() const { return SecretText(reveal()); }
  void append(std::string_view more) { buffer_.append(as_bytes(more)); }

 private:
  SecretBuffer buffer_;
};

}  // namespace resguardo
