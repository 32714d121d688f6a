// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/analyst_keys.h"

#include <sodium.h>

namespace resguardo::open {
namespace {

constexpr std::size_t secret_size(KeyAlgorithm algorithm) {
  return algorithm == KeyAlgorithm::kEd25519 ? crypto_sign_SECRETKEYBYTES
                                             : crypto_box_SECRETKEYBYTES;
}

using PublicBytes = std::array<std::uint8_t, 32>;

// Recomputed from the secret half, so that a pair always fits.
Result<PublicBytes> public_half_ed25519(const SecretBytes& secret) {
  RESGUARDO_TRY(auto again, SecretBytes::allocate(crypto_sign_SECRETKEYBYTES));
  PublicBytes key{};
  const bool fits = secret.read([&](ByteView given) {
    return again.write([&](std::span<std::uint8_t> pair) {
      return crypto_sign_seed_keypair(key.data(), pair.data(), given.data()) == 0 &&
             constant_time_equal(pair, given);
    });
  });
  if (!fits) return Error{Fault::kMalformed, "the two halves of a signing key do not fit"};
  return key;
}

Result<PublicBytes> public_half_x25519(const SecretBytes& secret) {
  PublicBytes key{};
  const bool made = secret.read(
      [&](ByteView given) { return crypto_scalarmult_base(key.data(), given.data()) == 0; });
  if (!made) return Error{Fault::kMalformed, "not a secret key"};
  return key;
}

Result<PublicBytes> public_half(KeyAlgorithm algorithm, const SecretBytes& secret) {
  switch (algorithm) {
    case KeyAlgorithm::kEd25519:
      return public_half_ed25519(secret);
    case KeyAlgorithm::kX25519:
      return public_half_x25519(secret);
  }
  return Error{Fault::kMalformed, "not a secret key"};
}

}  // namespace

template <class Role>
Result<SecretKey<Role>> SecretKey<Role>::generate() {
  RESGUARDO_TRY(auto secret, SecretBytes::allocate(secret_size(Role::kAlgorithm)));
  const bool made = secret.write([](std::span<std::uint8_t> out) {
    PublicBytes key{};
    return Role::kAlgorithm == KeyAlgorithm::kEd25519
               ? crypto_sign_keypair(key.data(), out.data()) == 0
               : crypto_box_keypair(key.data(), out.data()) == 0;
  });
  if (!made) return Error{Fault::kUnavailable, "a key could not be made"};
  return from_secret(std::move(secret));
}

template <class Role>
Result<SecretKey<Role>> SecretKey<Role>::from_secret(SecretBytes secret) {
  if (secret.size() != secret_size(Role::kAlgorithm))
    return Error{Fault::kMalformed, "a secret key of another length"};
  RESGUARDO_TRY(const auto bytes, public_half(Role::kAlgorithm, secret));
  RESGUARDO_TRY(const auto key, PublicKey<Role>::from_bytes(bytes));
  return SecretKey(std::move(secret), key);
}

template <class Role>
Bytes SecretKey<Role>::sign(Label label, ByteView message) const
  requires(Role::kAlgorithm == KeyAlgorithm::kEd25519)
{
  Bytes text = to_bytes(as_bytes(label_text(label)));
  text.push_back(0);
  text.insert(text.end(), message.begin(), message.end());
  Bytes signature(crypto_sign_BYTES);
  const int failed = secret_.read([&](ByteView key) {
    return crypto_sign_detached(signature.data(), nullptr, text.data(), text.size(), key.data());
  });
  if (failed != 0) signature.clear();  // verifies nowhere
  return signature;
}

template class SecretKey<RootRole>;
template class SecretKey<AnalystRole>;
template class SecretKey<LogRole>;
template class SecretKey<ResearcherRole>;
template class SecretKey<WithdrawalRole>;
template class SecretKey<EpochRole>;
template class SecretKey<MailboxRole>;

AnalystKeys::AnalystKeys(MemberId member, SecretKey<AnalystRole> identity)
    : member_(member), identity_(std::move(identity)) {}

void AnalystKeys::add_epoch(Week week, SecretKey<EpochRole> key) {
  epochs_.insert_or_assign(week, std::move(key));
}
void AnalystKeys::set_reserve(SecretKey<EpochRole> key) {
  reserve_.emplace(std::move(key));
}

const MemberId& AnalystKeys::member() const {
  return member_;
}
const SecretKey<AnalystRole>& AnalystKeys::identity() const {
  return identity_;
}

const SecretKey<EpochRole>* AnalystKeys::epoch(Week week) const {
  const auto found = epochs_.find(week);
  return found == epochs_.end() ? nullptr : &found->second;
}
const SecretKey<EpochRole>* AnalystKeys::reserve() const {
  return reserve_ ? &*reserve_ : nullptr;
}

}  // namespace resguardo::open
