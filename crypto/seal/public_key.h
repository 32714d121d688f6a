// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

#include "crypto/base/bytes.h"
#include "crypto/base/labels.h"
#include "crypto/base/result.h"

namespace resguardo {

enum class KeyAlgorithm : std::uint8_t { kEd25519, kX25519 };

// Roles keep one kind of key from another: PublicKey<RootRole> does not convert to
// PublicKey<AnalystRole>. protocol.md §1 says who holds which.
struct RootRole {
  static constexpr KeyAlgorithm kAlgorithm = KeyAlgorithm::kEd25519;
};
struct AnalystRole {
  static constexpr KeyAlgorithm kAlgorithm = KeyAlgorithm::kEd25519;
};
struct LogRole {
  static constexpr KeyAlgorithm kAlgorithm = KeyAlgorithm::kEd25519;
};
struct ResearcherRole {
  static constexpr KeyAlgorithm kAlgorithm = KeyAlgorithm::kEd25519;
};
struct WithdrawalRole {
  static constexpr KeyAlgorithm kAlgorithm = KeyAlgorithm::kEd25519;
};
struct EpochRole {
  static constexpr KeyAlgorithm kAlgorithm = KeyAlgorithm::kX25519;
};
struct MailboxRole {
  static constexpr KeyAlgorithm kAlgorithm = KeyAlgorithm::kX25519;
};

// 32 bytes that are a sound public key of their algorithm. Not secret; compares in any time.
template <class Role>
class PublicKey {
 public:
  // kMalformed: not 32 bytes, a low-order point, not canonical, or (Ed25519) not of the group.
  static Result<PublicKey> from_bytes(ByteView bytes);
  ByteView view() const { return bytes_; }
  friend auto operator<=>(const PublicKey&, const PublicKey&) = default;

 private:
  PublicKey() = default;
  std::array<std::uint8_t, 32> bytes_{};
};

// True if `signature` (64 bytes) is `key`'s over label ‖ 0x00 ‖ message (RFC 8032, as libsodium's
// crypto_sign_verify_detached checks it: canonical, no small-order keys).
template <class Role>
bool verify_signature(const PublicKey<Role>& key, Label label, ByteView message,
                      ByteView signature);

// Five groups of five digits, for reading aloud. Of the key's bytes, labelled; not a secret.
template <class Role>
std::string fingerprint(const PublicKey<Role>& key);
// The same digits of what is no key: of a digest under Label::kFingerprint.
std::string fingerprint_digits(const Digest& digest);

}  // namespace resguardo
