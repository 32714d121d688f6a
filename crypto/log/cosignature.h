// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "crypto/base/secret_bytes.h"
#include "crypto/log/checkpoint.h"

namespace resguardo {

// A witness's word on a checkpoint.
struct WitnessSignature {
  std::string name;                        // of the key, as the witness calls itself in notes
  std::optional<std::uint64_t> timestamp;  // seconds since 1970; nothing: a plain note signature
};

// What `key` (Ed25519, of a roster's WITNESS) signed on this checkpoint, if anything:
// C2SP tlog-cosignature's cosignature/v1 (algorithm 0x04, over "cosignature/v1\n" ‖ "time …\n" ‖
// the note's text), or a plain Ed25519 note signature (0x01) over the text. Whatever name the line
// gives is taken, as long as the key id fits: the roster says who holds the key.
// WARNING: says that the witness saw a consistent log up to here, not that the log is complete.
std::optional<WitnessSignature> find_witness_signature(const CheckpointNote& note,
                                                       const PublicKey<AnalystRole>& key);

// A witness's key as witnesses publish it: name ‖ '+' ‖ key id in hex ‖ '+' ‖ base64(algorithm ‖
// key), C2SP signed-note. kMalformed: another algorithm than 0x01 and 0x04, or parts that do not
// fit.
Result<PublicKey<AnalystRole>> parse_witness_key(std::string_view text);

// The note with one more line, a cosignature/v1 by `secret` (64 bytes: seed ‖ public), made at
// `timestamp`. Whoever calls this has verified consistency first.
Result<std::string> cosign(const CheckpointNote& note, std::string_view name,
                           const SecretBytes& secret, std::uint64_t timestamp);

}  // namespace resguardo
