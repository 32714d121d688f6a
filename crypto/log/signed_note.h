// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace resguardo {

constexpr std::size_t kMaxNote = std::size_t{64} * 1024;
constexpr std::size_t kMaxNoteSignatures = 64;

// A note's signature types (the byte that its key id covers).
enum class NoteAlgorithm : std::uint8_t { kEd25519 = 0x01, kCosignature = 0x04 };

struct NoteSignature {
  std::string name;                    // of the key
  std::array<std::uint8_t, 4> key_id;  // note_key_id(), as the line has it
  Bytes signature;                     // what follows the key id; 64 bytes for kEd25519
};

// C2SP signed-note: text that ends in a newline, a blank line, signature lines.
struct SignedNote {
  std::string text;  // with its last newline
  std::vector<NoteSignature> signatures;
};

// Strict: no control characters, sound key names, canonical base64, 1 to kMaxNoteSignatures
// signatures, nothing else; serialise_note() gives the same bytes back. Says nothing about who
// signed, nor that the text is UTF-8: who gives it a meaning checks that.
Result<SignedNote> parse_note(std::string_view note);
std::string serialise_note(const SignedNote& note);

// What a note's text may be: it ends in a newline and has no other control character.
bool is_note_text(std::string_view text);

// A key's name in a note: a plain name without white space or '+'.
bool is_note_name(std::string_view name);

// The first 4 bytes of SHA-256(name ‖ 0x0a ‖ algorithm ‖ key).
std::array<std::uint8_t, 4> note_key_id(std::string_view name, NoteAlgorithm algorithm,
                                        ByteView key);

// True if `signature` (64 bytes) is the Ed25519 signature of `key` (32 bytes, a sound point) over
// exactly `message`: no label, so that other people's tools can check it.
bool verify_note_bytes(ByteView key, std::string_view message, ByteView signature);

}  // namespace resguardo
