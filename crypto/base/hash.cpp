// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/base/hash.h"

#include <openssl/sha.h>
#include <sodium.h>

namespace resguardo {
namespace {

std::array<std::uint8_t, 4> length_prefix(ByteView field) {
  const auto size = static_cast<std::uint32_t>(field.size());
  return {static_cast<std::uint8_t>(size), static_cast<std::uint8_t>(size >> 8),
          static_cast<std::uint8_t>(size >> 16), static_cast<std::uint8_t>(size >> 24)};
}

template <class State>
class Wiped {  // a hash state that does not outlive the call
 public:
  Wiped() = default;
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  ~Wiped() { sodium_memzero(&state_, sizeof state_); }
  State* get() { return &state_; }

 private:
  State state_;
};

}  // namespace

Digest blake2b(ByteView bytes) {
  return blake2b({bytes});
}

Digest blake2b(std::initializer_list<ByteView> parts) {
  Wiped<crypto_generichash_state> state;
  Digest digest;
  crypto_generichash_init(state.get(), nullptr, 0, digest.bytes.size());
  for (const ByteView part : parts)
    crypto_generichash_update(state.get(), part.data(), part.size());
  crypto_generichash_final(state.get(), digest.bytes.data(), digest.bytes.size());
  return digest;
}

Digest sha256(ByteView bytes) {
  return sha256({bytes});
}

// OpenSSL's, which uses the processor's instructions for it; libsodium has none (docs/adr/182).
Digest sha256(std::initializer_list<ByteView> parts) {
  Wiped<SHA256_CTX> state;
  Digest digest;
  SHA256_Init(state.get());
  for (const ByteView part : parts) SHA256_Update(state.get(), part.data(), part.size());
  SHA256_Final(digest.bytes.data(), state.get());
  return digest;
}

void derive_secret(ByteView key, Label label, std::initializer_list<ByteView> fields,
                   std::span<std::uint8_t, 32> out) {
  Wiped<crypto_generichash_state> state;
  crypto_generichash_init(state.get(), key.data(), key.size(), out.size());
  const ByteView text = as_bytes(label_text(label));
  crypto_generichash_update(state.get(), text.data(), text.size());
  constexpr std::uint8_t kEnd = 0;
  crypto_generichash_update(state.get(), &kEnd, 1);
  for (const ByteView field : fields) {
    const auto prefix = length_prefix(field);
    crypto_generichash_update(state.get(), prefix.data(), prefix.size());
    crypto_generichash_update(state.get(), field.data(), field.size());
  }
  crypto_generichash_final(state.get(), out.data(), out.size());
}

Digest derive_public(ByteView key, Label label, std::initializer_list<ByteView> fields) {
  Digest digest;
  derive_secret(key, label, fields, digest.bytes);
  return digest;
}

Digest hmac_sha256(ByteView key, ByteView message) {
  Wiped<crypto_auth_hmacsha256_state> state;
  Digest digest;
  crypto_auth_hmacsha256_init(state.get(), key.data(), key.size());
  crypto_auth_hmacsha256_update(state.get(), message.data(), message.size());
  crypto_auth_hmacsha256_final(state.get(), digest.bytes.data());
  return digest;
}

bool hmac_sha256_verify(ByteView key, ByteView message, ByteView expected) {
  return constant_time_equal(hmac_sha256(key, message).view(), expected);
}

}  // namespace resguardo
