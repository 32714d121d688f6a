// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/base/sha256.h"

#include <sodium.h>

namespace resguardo {

struct Sha256::State {
  State() { crypto_hash_sha256_init(&hash); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { sodium_memzero(&hash, sizeof hash); }
  crypto_hash_sha256_state hash;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::add(ByteView bytes) {
  crypto_hash_sha256_update(&state_->hash, bytes.data(), bytes.size());
}

Digest Sha256::finish() {
  Digest digest;
  crypto_hash_sha256_final(&state_->hash, digest.bytes.data());
  return digest;
}

}  // namespace resguardo
