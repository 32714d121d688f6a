// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/secret_bytes.h"
#include "crypto/open/analyst_keys.h"

namespace resguardo::open {

enum class KeyKind : std::uint8_t {
  kRoot,        // SecretKey<RootRole>, by passphrase
  kAnalyst,     // SecretKey<AnalystRole>, by passphrase
  kEpoch,       // SecretKey<EpochRole> of one week, under a wrapping key
  kReserve,     // SecretKey<EpochRole>, under a wrapping key
  kWrapping,    // 32 random bytes that lock epoch keys; by passphrase
  kResearcher,  // SecretKey<ResearcherRole>, by passphrase
  kVault,       // 32 random bytes of a vault, by passphrase
};

struct WrappingIdMeaning;
using WrappingId = FixedBytes<WrappingIdMeaning, 16>;

// Cost of one guess at a passphrase (Argon2id). Outside of these bounds a file is refused
// unopened: a hostile one must not take the machine's memory or a day.
struct LockCost {
  static constexpr std::uint32_t kMinOps = 1, kMaxOps = 10;
  static constexpr std::uint64_t kMinMemory = std::uint64_t{64} << 20U;
  static constexpr std::uint64_t kMaxMemory = std::uint64_t{2} << 30U;
  std::uint32_t ops = 3;
  std::uint64_t memory = std::uint64_t{256} << 20U;  // bytes
};

// What a key file says about its key in the clear. Authenticated when it is unlocked, not before.
struct KeyNotice {
  KeyKind kind = KeyKind::kRoot;
  std::string label;
  Bytes public_key;                    // 32; empty: kWrapping, kVault
  std::optional<MemberId> member;      // kAnalyst, kEpoch, kReserve, kWrapping
  std::optional<Week> week;            // kEpoch
  std::optional<WrappingId> wrapping;  // which wrapping key; kEpoch, kReserve, kWrapping
};

// At least 12 characters and at most 1,024 bytes of UTF-8 without control characters; asked of new
// passphrases only. WARNING: length is no proof of strength; docs/format.md says what to choose.
Status check_new_passphrase(const SecretBytes& passphrase);

// A key file, parsed and still locked: Argon2id over the passphrase (or a wrapping key), then
// XChaCha20-Poly1305 over the secret with the exact header as associated data.
class LockedKey {
 public:
  // `file`: its armoured text. kMalformed: not exactly such a file; kRefused: cost out of bounds.
  static Result<LockedKey> parse(ByteView file);
  const KeyNotice& notice() const { return notice_; }
  const LockCost& cost() const { return cost_; }  // by passphrase

  // Fresh salt and nonce at every call. Text of the file. kRefused: the passphrase is too short.
  static Result<std::string> lock(const KeyNotice& notice, const SecretBytes& secret,
                                  const SecretBytes& passphrase, const LockCost& cost = {});
  static Result<std::string> lock_under(const KeyNotice& notice, const SecretBytes& secret,
                                        const SecretBytes& wrapping_key);

  // kUnauthentic: wrong passphrase, or a changed byte anywhere in the file; kUnavailable: not
  // enough memory for the cost it was locked with; kRefused: locked the other way.
  Result<SecretBytes> unlock(const SecretBytes& passphrase) const;
  Result<SecretBytes> unlock_under(const SecretBytes& wrapping_key) const;

 private:
  LockedKey() = default;
  Result<SecretBytes> decrypt(const SecretBytes& key) const;
  KeyNotice notice_;
  Bytes header_, salt_, nonce_, locked_;
  LockCost cost_;
};

// A whole key file of one role, with the check that the secret fits the public key it names.
template <class Role>  // RootRole, ResearcherRole
Result<std::string> lock_key(const SecretKey<Role>& key, std::string_view label,
                             const SecretBytes& passphrase, const LockCost& cost = {});
template <class Role>  // RootRole, ResearcherRole, AnalystRole
Result<SecretKey<Role>> unlock_key(ByteView file, const SecretBytes& passphrase);

}  // namespace resguardo::open
