// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "crypto/base/bytes.h"
#include "crypto/base/labels.h"
#include "crypto/base/secret_bytes.h"

namespace resguardo {

// BLAKE2b-256 without a key. https://doc.libsodium.org/hashing/generic_hashing
Digest blake2b(ByteView bytes);
Digest blake2b(std::initializer_list<ByteView> parts);  // of the concatenation

// SHA-256: where a standard asks for it (RFC 6962, media, chains that others recompute).
Digest sha256(ByteView bytes);
Digest sha256(std::initializer_list<ByteView> parts);

// The protocol's one keyed derivation:
//   BLAKE2b-256(key, label ‖ len32le(field) ‖ field ‖ …), the label followed by one 0x00.
// Distinct labels and distinct field lists give unrelated values.
Digest derive_public(ByteView key, Label label, std::initializer_list<ByteView> fields);
// The same value as a secret: written to `out` (32 bytes), no copy is left behind.
void derive_secret(ByteView key, Label label, std::initializer_list<ByteView> fields,
                   std::span<std::uint8_t, 32> out);

// HMAC-SHA-256 (RFC 2104) compared in constant time; keys of any length.
bool hmac_sha256_verify(ByteView key, ByteView message, ByteView expected);
Digest hmac_sha256(ByteView key, ByteView message);

// The hash states used inside are wiped before any of these calls returns.

}  // namespace resguardo
