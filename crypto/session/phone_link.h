// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/base/secret_bytes.h"
#include "crypto/session/sender_memory.h"

namespace resguardo {

// "From this phone" (protocol.md §5, docs/adr/162): a mailbox's seed wrapped a second time, so that
// the phone that told a report reads its replies without the receipt, for thirty days.
//
// Promises: nothing of it can be found or opened without the address *and* the key of its day, and
// two days' tags of one phone have nothing in common.
// WARNING: an address is no secret. While the key of the day lives, whoever has it and the master
// key can try phone numbers, and reads the replies of one that fits.

// The secret of a day: from the day's own random key, and the master key's (MasterUse::kMailbox).
Result<SecretBytes> link_secret(const SecretBytes& mailbox_key, const SecretBytes& day_key);

// How that phone is found on that day.
Tag16 link_tag(const SecretBytes& link_secret, std::string_view address);

// What a link brings back.
struct LinkedMailbox {
  SecretBytes seed;  // 32: of the mailbox
  Digest lookup;     // of the receipt: finds the report, until another receipt takes its place
};
// salt(16) ‖ nonce(24) ‖ XChaCha20-Poly1305 of seed ‖ lookup, the tag authenticated: 120 bytes.
Result<Bytes> seal_link(const SecretBytes& link_secret, std::string_view address,
                        const SecretBytes& seed, const Digest& lookup);
// kUnauthentic: another phone's or day's, or changed.
Result<LinkedMailbox> open_link(const SecretBytes& link_secret, std::string_view address,
                                ByteView sealed);

}  // namespace resguardo
