// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "crypto/base/secret_bytes.h"

namespace resguardo {

// What the master key may be used for: crypto_kdf_derive_from_key's 8-byte contexts. Nothing else
// in the project uses crypto_kdf. https://doc.libsodium.org/key_derivation
enum class MasterUse : std::uint8_t { kWrapKeys, kReceipt, kMailbox, kTeamCode, kBackup };

constexpr std::size_t kMasterKeySize = 32;

// 32 bytes, unrelated for every (use, generation). kMalformed: the master key has another size.
Result<SecretBytes> derive_from_master(const SecretBytes& master, MasterUse use,
                                       std::uint64_t generation);

}  // namespace resguardo
