// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/session/master_key.h"

#include <sodium.h>

namespace resguardo {
namespace {

constexpr std::array<const char*, 5> kContexts = {"wrapkeys", "receipt_", "mailbox_", "teamcode",
                                                  "backup__"};
static_assert(kMasterKeySize == crypto_kdf_KEYBYTES);

}  // namespace

Result<SecretBytes> derive_from_master(const SecretBytes& master, MasterUse use,
                                       std::uint64_t generation) {
  if (master.size() != kMasterKeySize)
    return Error{Fault::kMalformed, "the master key is not 32 bytes long"};
  RESGUARDO_TRY(auto derived, SecretBytes::allocate(32));
  const int failed = master.read([&](ByteView key) {
    return derived.write([&](std::span<std::uint8_t> out) {
      return crypto_kdf_derive_from_key(out.data(), out.size(), generation,
                                        kContexts.at(static_cast<std::size_t>(use)), key.data());
    });
  });
  if (failed != 0) return Error{Fault::kUnavailable, "a key could not be derived"};
  return derived;
}

}  // namespace resguardo
