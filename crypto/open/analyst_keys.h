// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/secret_bytes.h"
#include "crypto/seal/public_key.h"

namespace resguardo::open {

// A secret key with its role; it never leaves SecretBytes.
template <class Role>
class SecretKey {
 public:
  static Result<SecretKey> generate();
  // Ed25519: 64 bytes (seed ‖ public); X25519: 32 bytes. kMalformed: not a key of that role.
  static Result<SecretKey> from_secret(SecretBytes secret);
  const PublicKey<Role>& public_key() const { return public_; }
  const SecretBytes& secret() const { return secret_; }
  // Ed25519 roles only: 64 bytes over label ‖ 0x00 ‖ message.
  Bytes sign(Label label, ByteView message) const
    requires(Role::kAlgorithm == KeyAlgorithm::kEd25519);

 private:
  SecretKey(SecretBytes secret, PublicKey<Role> key) : secret_(std::move(secret)), public_(key) {}
  SecretBytes secret_;
  PublicKey<Role> public_;
};

// One analyst's keys, unlocked: the identity key and the epoch keys that still exist.
class AnalystKeys {
 public:
  AnalystKeys(MemberId member, SecretKey<AnalystRole> identity);
  void add_epoch(Week week, SecretKey<EpochRole> key);
  void set_reserve(SecretKey<EpochRole> key);

  const MemberId& member() const;
  const SecretKey<AnalystRole>& identity() const;
  // nullptr: that week's key was retired, or never was ours.
  const SecretKey<EpochRole>* epoch(Week week) const;
  const SecretKey<EpochRole>* reserve() const;

 private:
  MemberId member_;
  SecretKey<AnalystRole> identity_;
  std::map<Week, SecretKey<EpochRole>> epochs_;
  std::optional<SecretKey<EpochRole>> reserve_;
};

}  // namespace resguardo::open
