// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/base/secret_bytes.h"
#include "crypto/base/secret_text.h"

namespace resguardo {

using Tag16 = std::array<std::uint8_t, 16>;

// The name of a sender in the store: derive(day key, kSenderTag, {"sender", address}), first
// 16 bytes.
// WARNING: while the day key lives, whoever has it can test phone numbers against tags (10^10
// numbers take two hours). Once it is destroyed nothing can.
Tag16 sender_tag(const SecretBytes& day_key, std::string_view address);

// A delivered message, for finding duplicates; its own key, because WhatsApp repeats for days.
Tag16 delivery_tag(const SecretBytes& dedupe_key, std::string_view message_id);
// The same message's name inside the seal, for corrections; unrelated to delivery_tag.
Tag16 message_name(const SecretBytes& dedupe_key, std::string_view message_id);
// A word that a person chose, to recognise it. WARNING: words are few: whoever has the key can try
// them.
Tag16 word_tag(const SecretBytes& dedupe_key, std::string_view word);

// A conversation's state at rest: XChaCha20-Poly1305 under derive(day key, kState, {address}), a
// random nonce, and tag ‖ counter authenticated: it opens only with this sender's address in hand,
// under the tag and the turn it was stored for. nonce(24) ‖ ciphertext ‖ mac(16); padded to 256 B
// steps so that its size does not tell how far a conversation is.
Result<Bytes> seal_state(const SecretBytes& day_key, std::string_view address, const Tag16& tag,
                         std::uint64_t counter, ByteView state);
// kUnauthentic: another address, tag, counter or key, or changed bytes.
Result<SecretBuffer> open_state(const SecretBytes& day_key, std::string_view address,
                                const Tag16& tag, std::uint64_t counter, ByteView sealed);

}  // namespace resguardo
