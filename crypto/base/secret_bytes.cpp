// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/base/secret_bytes.h"

#include <sodium.h>

namespace resguardo {

Result<SecretBytes> SecretBytes::allocate(std::size_t size) {
  auto* pages = static_cast<std::uint8_t*>(sodium_malloc(size));
  if (pages == nullptr) return Error{Fault::kUnavailable, "not enough locked memory for a key"};
  sodium_memzero(pages, size);
  sodium_mprotect_noaccess(pages);
  return SecretBytes(pages, size);
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
    : pages_(std::exchange(other.pages_, nullptr)), size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this != &other) {
    release();
    pages_ = std::exchange(other.pages_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

SecretBytes::~SecretBytes() {
  release();
}

void SecretBytes::release() noexcept {
  if (pages_ != nullptr) sodium_free(pages_);  // wipes
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

SecretBytes::Access::Access(const SecretBytes& owner, bool writable) : owner_(owner) {
  if (owner_.pages_ == nullptr) return;
  if (writable) {
    sodium_mprotect_readwrite(owner_.pages_);
  } else {
    sodium_mprotect_readonly(owner_.pages_);
  }
}

SecretBytes::Access::~Access() {
  if (owner_.pages_ != nullptr) sodium_mprotect_noaccess(owner_.pages_);
}

bool constant_time_equal(ByteView a, ByteView b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

void wipe(std::span<std::uint8_t> bytes) {
  sodium_memzero(bytes.data(), bytes.size());
}

}  // namespace resguardo
