// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/base/sha256.h"

#include <openssl/sha.h>
#include <sodium.h>

namespace resguardo {

struct Sha256::State {
  State() { SHA256_Init(&hash); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { sodium_memzero(&hash, sizeof hash); }
  SHA256_CTX hash;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::add(ByteView bytes) {
  SHA256_Update(&state_->hash, bytes.data(), bytes.size());
}

Digest Sha256::finish() {
  Digest digest;
  SHA256_Final(digest.bytes.data(), &state_->hash);
  return digest;
}

}  // namespace resguardo
