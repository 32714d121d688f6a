// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/log_key.h"

#include <sodium.h>

#include "crypto/log/signed_note.h"

namespace resguardo {

Result<LogKey> LogKey::generate() {
  RESGUARDO_TRY(auto secret, SecretBytes::allocate(crypto_sign_SECRETKEYBYTES));
  const int failed = secret.write([](std::span<std::uint8_t> out) {
    std::array<std::uint8_t, crypto_sign_PUBLICKEYBYTES> key{};
    return crypto_sign_keypair(key.data(), out.data());
  });
  if (failed != 0) return Error{Fault::kUnavailable, "a log key could not be made"};
  return from_secret(std::move(secret));
}

Result<LogKey> LogKey::from_secret(SecretBytes secret) {
  if (secret.size() != crypto_sign_SECRETKEYBYTES)
    return Error{Fault::kMalformed, "a log key has 64 bytes"};
  RESGUARDO_TRY(auto again, SecretBytes::allocate(crypto_sign_SECRETKEYBYTES));
  std::array<std::uint8_t, crypto_sign_PUBLICKEYBYTES> key{};
  const bool fits = secret.read([&](ByteView given) {
    return again.write([&](std::span<std::uint8_t> pair) {
      return crypto_sign_seed_keypair(key.data(), pair.data(), given.data()) == 0 &&
             constant_time_equal(pair, given);
    });
  });
  if (!fits) return Error{Fault::kMalformed, "the two halves of the log key do not fit"};
  RESGUARDO_TRY(const auto sound, PublicKey<LogRole>::from_bytes(key));
  return LogKey(std::move(secret), sound);
}

Result<std::string> LogKey::sign_note(std::string_view name, std::string_view text) const {
  if (!is_note_name(name))
    return Error{Fault::kMalformed, "a note's key name has no white space and no plus sign"};
  if (!is_note_text(text))
    return Error{Fault::kMalformed, "a note's text ends in a newline and has no control character"};
  NoteSignature signature;
  signature.name = name;
  signature.key_id = note_key_id(name, NoteAlgorithm::kEd25519, public_.view());
  signature.signature.resize(crypto_sign_BYTES);
  const int failed = secret_.read([&](ByteView key) {
    return crypto_sign_detached(signature.signature.data(), nullptr, as_bytes(text).data(),
                                text.size(), key.data());
  });
  if (failed != 0) return Error{Fault::kUnavailable, "the note could not be signed"};
  return serialise_note({std::string(text), {std::move(signature)}});
}

std::string note_verifier(std::string_view name, const PublicKey<LogRole>& key) {
  Bytes algorithm_and_key{static_cast<std::uint8_t>(NoteAlgorithm::kEd25519)};
  algorithm_and_key.insert(algorithm_and_key.end(), key.view().begin(), key.view().end());
  return std::string(name) + '+' + to_hex(note_key_id(name, NoteAlgorithm::kEd25519, key.view())) +
         '+' + to_base64(algorithm_and_key);
}

bool verify_note(std::string_view note, std::string_view name, const PublicKey<LogRole>& key) {
  const auto parsed = parse_note(note);
  return parsed.ok() && verify_note(*parsed, name, key);
}

bool verify_note(const SignedNote& note, std::string_view name, const PublicKey<LogRole>& key) {
  const auto id = note_key_id(name, NoteAlgorithm::kEd25519, key.view());
  bool signs = false;
  for (const NoteSignature& line : note.signatures) {
    if (line.name != name || line.key_id != id) continue;
    // A known key's signature that fails spoils the note (C2SP signed-note).
    if (!verify_note_bytes(key.view(), note.text, line.signature)) return false;
    signs = true;
  }
  return signs;
}

}  // namespace resguardo
