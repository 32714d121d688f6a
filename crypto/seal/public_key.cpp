// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/seal/public_key.h"

#include <sodium.h>

#include <cstdio>

#include "crypto/base/hash.h"

namespace resguardo {
namespace {

bool sound_ed25519(ByteView bytes) {
  // Canonical, on the curve, in the main subgroup, not of small order.
  return crypto_core_ed25519_is_valid_point(bytes.data()) == 1;
}

// Below 2^255 − 19: one encoding for each key.
bool canonical_x25519(ByteView bytes) {
  if (bytes[31] != 0x7f) return bytes[31] < 0x7f;
  for (std::size_t i = 30; i > 0; --i)
    if (bytes[i] != 0xff) return true;
  return bytes[0] < 0xed;
}

bool sound_x25519(ByteView bytes) {
  if (!canonical_x25519(bytes)) return false;
  // Any clamped scalar is a multiple of eight: low order gives zero, which libsodium reports.
  const std::array<std::uint8_t, crypto_scalarmult_SCALARBYTES> scalar{1};
  std::array<std::uint8_t, crypto_scalarmult_BYTES> product{};
  return crypto_scalarmult(product.data(), scalar.data(), bytes.data()) == 0;
}

bool sound(KeyAlgorithm algorithm, ByteView bytes) {
  switch (algorithm) {
    case KeyAlgorithm::kEd25519:
      return sound_ed25519(bytes);
    case KeyAlgorithm::kX25519:
      return sound_x25519(bytes);
  }
  return false;
}

}  // namespace

std::string fingerprint_digits(const Digest& digest) {
  constexpr std::size_t kGroups = 5;
  constexpr std::size_t kBytesPerGroup = 6;  // 2^48: the bias of the remainder is below 2^-31
  std::string text;
  for (std::size_t group = 0; group < kGroups; ++group) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < kBytesPerGroup; ++i)
      value = value << 8 | digest.bytes.at(group * kBytesPerGroup + i);
    std::array<char, 8> digits{};
    std::snprintf(digits.data(), digits.size(), "%05u", static_cast<unsigned>(value % 100000));
    if (group > 0) text += ' ';
    text += digits.data();
  }
  return text;
}

template <class Role>
Result<PublicKey<Role>> PublicKey<Role>::from_bytes(ByteView bytes) {
  PublicKey key;
  if (bytes.size() != key.bytes_.size())
    return Error{Fault::kMalformed, "a public key has 32 bytes"};
  if (!sound(Role::kAlgorithm, bytes))
    return Error{Fault::kMalformed, "not a sound public key of its kind"};
  std::copy(bytes.begin(), bytes.end(), key.bytes_.begin());
  return key;
}

template <class Role>
bool verify_signature(const PublicKey<Role>& key, Label label, ByteView message,
                      ByteView signature) {
  static_assert(Role::kAlgorithm == KeyAlgorithm::kEd25519);
  if (signature.size() != crypto_sign_BYTES) return false;
  Bytes signed_bytes = to_bytes(as_bytes(label_text(label)));
  signed_bytes.push_back(0);
  signed_bytes.insert(signed_bytes.end(), message.begin(), message.end());
  return crypto_sign_verify_detached(signature.data(), signed_bytes.data(), signed_bytes.size(),
                                     key.view().data()) == 0;
}

template <class Role>
std::string fingerprint(const PublicKey<Role>& key) {
  return fingerprint_digits(derive_public(key.view(), Label::kFingerprint, {}));
}

template class PublicKey<RootRole>;
template class PublicKey<AnalystRole>;
template class PublicKey<LogRole>;
template class PublicKey<ResearcherRole>;
template class PublicKey<WithdrawalRole>;
template class PublicKey<EpochRole>;
template class PublicKey<MailboxRole>;

template bool verify_signature(const PublicKey<RootRole>&, Label, ByteView, ByteView);
template bool verify_signature(const PublicKey<AnalystRole>&, Label, ByteView, ByteView);
template bool verify_signature(const PublicKey<LogRole>&, Label, ByteView, ByteView);
template bool verify_signature(const PublicKey<ResearcherRole>&, Label, ByteView, ByteView);
template bool verify_signature(const PublicKey<WithdrawalRole>&, Label, ByteView, ByteView);

template std::string fingerprint(const PublicKey<RootRole>&);
template std::string fingerprint(const PublicKey<AnalystRole>&);
template std::string fingerprint(const PublicKey<LogRole>&);
template std::string fingerprint(const PublicKey<ResearcherRole>&);
template std::string fingerprint(const PublicKey<WithdrawalRole>&);
template std::string fingerprint(const PublicKey<EpochRole>&);
template std::string fingerprint(const PublicKey<MailboxRole>&);

}  // namespace resguardo
