// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/session/master_key.h"

#include <gtest/gtest.h>

#include <set>

namespace resguardo {
namespace {

Bytes published(const SecretBytes& secret) {
  return secret.read([](ByteView bytes) { return to_bytes(bytes); });
}

// crypto_kdf_derive_from_key(32, 1, "wrapkeys", 00…1f), by Python's hashlib with the same
// salt and personal fields (https://doc.libsodium.org/key_derivation):
//   hashlib.blake2b(b"", digest_size=32, key=bytes(range(32)),
//                   salt=(1).to_bytes(8,"little")+bytes(8),
//                   person=b"wrapkeys"+bytes(8)).hexdigest()
TEST(MasterKeyTest, DerivesWhatLibsodiumsPageSays) {
  Bytes raw(32);
  for (std::size_t i = 0; i < raw.size(); ++i) raw[i] = static_cast<std::uint8_t>(i);
  const auto master = SecretBytes::take(raw).value();
  const auto key = derive_from_master(master, MasterUse::kWrapKeys, 1).value();
  EXPECT_EQ(to_hex(published(key)),
            "0d462f41803ea50e9effd220d8c022cd5f33158a0ed0f0ac62ae4b7b584c93c4");
}

TEST(MasterKeyTest, EveryUseAndGenerationGivesAnotherKey) {
  const auto master = SecretBytes::random(32).value();
  std::set<Bytes> seen;
  for (const MasterUse use :
       {MasterUse::kWrapKeys, MasterUse::kReceipt, MasterUse::kMailbox, MasterUse::kTeamCode})
    for (std::uint64_t generation : {0U, 1U, 2U})
      seen.insert(published(derive_from_master(master, use, generation).value()));
  EXPECT_EQ(seen.size(), 12U);
}

TEST(MasterKeyTest, RefusesAKeyOfAnotherSize) {
  const auto master = SecretBytes::random(31).value();
  EXPECT_FALSE(derive_from_master(master, MasterUse::kReceipt, 0).ok());
}

}  // namespace
}  // namespace resguardo
