// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/seal/public_key.h"

#include <sodium.h>

#include <algorithm>
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

using Coordinate = std::array<std::uint8_t, 32>;

constexpr Coordinate coordinate(std::uint8_t first, std::uint8_t middle, std::uint8_t last) {
  Coordinate u{};
  u.fill(middle);
  u.front() = first;
  u.back() = last;
  return u;
}

// Every canonical u of a point whose order divides eight, on the curve and on its twist: there a
// clamped scalar gives zero. https://cr.yp.to/ecdh.html#validate. Looking here costs a thousandth
// of a multiplication, and a bundle names every member in every segment.
constexpr std::array<Coordinate, 5> kLowOrder = {
    coordinate(0, 0, 0),           // 0
    coordinate(1, 0, 0),           // 1
    coordinate(0xec, 0xff, 0x7f),  // 2^255 − 20
    Coordinate{0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3,
               0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
               0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00},
    Coordinate{0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1,
               0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c,
               0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57},
};

bool sound_x25519(ByteView bytes) {
  const auto is = [&](const Coordinate& u) { return std::ranges::equal(u, bytes); };
  return canonical_x25519(bytes) && std::ranges::none_of(kLowOrder, is);
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
