// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/base/secret_bytes.h"

#include <sodium.h>

#include "crypto/base/locked_total.h"

namespace resguardo {
namespace {

constexpr std::size_t kCanary = 16;  // that sodium_malloc puts before what it gives

}  // namespace

Result<SecretBytes> SecretBytes::allocate(std::size_t size) {
  auto* pages = static_cast<std::uint8_t*>(sodium_malloc(size));
  if (pages == nullptr) return Error{Fault::kUnavailable, "not enough locked memory for a key"};
  sodium_memzero(pages, size);
  // sodium_malloc has tried, and does not say whether it could; a second lock costs no more memory.
  const bool locked = sodium_mlock(pages, size) == 0;
  count_locked(size + kCanary, locked);
  sodium_mprotect_noaccess(pages);
  return SecretBytes(pages, size, locked);
}

Result<SecretBytes> SecretBytes::random(std::size_t size) {
  RESGUARDO_TRY(auto secret, allocate(size));
  secret.write([](std::span<std::uint8_t> bytes) { randombytes_buf(bytes.data(), bytes.size()); });
  return secret;
}

Result<SecretBytes> SecretBytes::take(std::span<std::uint8_t> source) {
  RESGUARDO_TRY(auto secret, allocate(source.size()));
  secret.write([&](std::span<std::uint8_t> bytes) {
    std::copy(source.begin(), source.end(), bytes.begin());
  });
  wipe(source);
  return secret;
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : pages_(std::exchange(other.pages_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      locked_(other.locked_) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this != &other) {
    release();
    pages_ = std::exchange(other.pages_, nullptr);
    size_ = std::exchange(other.size_, 0);
    locked_ = other.locked_;
  }
  return *this;
}

SecretBytes::~SecretBytes() {
  release();
}

void SecretBytes::release() noexcept {
  if (pages_ == nullptr) return;
  uncount_locked(size_ + kCanary, locked_);
  sodium_free(pages_);  // wipes
  pages_ = nullptr;
}

Result<SecretBytes> SecretBytes::clone() const {
  RESGUARDO_TRY(auto copy, allocate(size_));
  read([&](ByteView from) {
    copy.write(
        [&](std::span<std::uint8_t> to) { std::copy(from.begin(), from.end(), to.begin()); });
  });
  return copy;
}

// A reader that ends must not close the pages under another one.
void SecretBytes::open(bool writable) const {
  if (pages_ == nullptr) return;
  const std::lock_guard lock(mutex_);
  if (uses_++ > 0) return;
  if (writable) {
    sodium_mprotect_readwrite(pages_);
  } else {
    sodium_mprotect_readonly(pages_);
  }
}

void SecretBytes::close() const {
  if (pages_ == nullptr) return;
  const std::lock_guard lock(mutex_);
  if (--uses_ == 0) sodium_mprotect_noaccess(pages_);
}

SecretBytes::Access::Access(const SecretBytes& owner, bool writable) : owner_(owner) {
  owner_.open(writable);
}

SecretBytes::Access::~Access() {
  owner_.close();
}

bool constant_time_equal(ByteView a, ByteView b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

void wipe(std::span<std::uint8_t> bytes) {
  sodium_memzero(bytes.data(), bytes.size());
}

}  // namespace resguardo
