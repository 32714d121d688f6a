// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/log_key.h"

#include <sodium.h>

#include <algorithm>

#include "crypto/base/hash.h"
#include "crypto/format/plain_name.h"

namespace resguardo {
namespace {

// C2SP signed-note: https://c2sp.org/signed-note
constexpr std::uint8_t kEd25519 = 0x01;
constexpr std::size_t kIdSize = 4;
constexpr std::string_view kDash = "\xe2\x80\x94 ";  // U+2014 and a space

bool sound_name(std::string_view name) {
  return is_plain_name(name) && name.find_first_of(" +") == std::string_view::npos;
}

bool sound_text(std::string_view text) {
  const auto control = [](char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    return (byte < 0x20 && c != '\n') || byte == 0x7f;
  };
  return text.ends_with('\n') && std::ranges::none_of(text, control);
}

Bytes key_id(std::string_view name, const PublicKey<LogRole>& key) {
  constexpr std::array<std::uint8_t, 2> kBetween{'\n', kEd25519};
  const Digest digest = sha256({as_bytes(name), ByteView(kBetween), key.view()});
  return {digest.bytes.begin(), digest.bytes.begin() + kIdSize};
}

bool signs(std::string_view text, ByteView signature, const PublicKey<LogRole>& key) {
  return signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(signature.data(), as_bytes(text).data(), text.size(),
                                     key.view().data()) == 0;
}

}  // namespace

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
  if (!sound_name(name))
    return Error{Fault::kMalformed, "a note's key name has no white space and no plus sign"};
  if (!sound_text(text))
    return Error{Fault::kMalformed, "a note's text ends in a newline and has no control character"};
  std::array<std::uint8_t, crypto_sign_BYTES> signature{};
  const int failed = secret_.read([&](ByteView key) {
    return crypto_sign_detached(signature.data(), nullptr, as_bytes(text).data(), text.size(),
                                key.data());
  });
  if (failed != 0) return Error{Fault::kUnavailable, "the note could not be signed"};
  Bytes line = key_id(name, public_);
  line.insert(line.end(), signature.begin(), signature.end());
  std::string note(text);
  note += '\n';
  note += kDash;
  note += name;
  note += ' ';
  note += to_base64(line);
  return note += '\n';
}

std::string note_verifier(std::string_view name, const PublicKey<LogRole>& key) {
  Bytes algorithm_and_key{kEd25519};
  algorithm_and_key.insert(algorithm_and_key.end(), key.view().begin(), key.view().end());
  return std::string(name) + '+' + to_hex(key_id(name, key)) + '+' + to_base64(algorithm_and_key);
}

bool verify_note(std::string_view note, std::string_view name, const PublicKey<LogRole>& key) {
  const std::size_t blank = note.rfind("\n\n");
  if (blank == std::string_view::npos || !note.ends_with('\n') || !sound_name(name)) return false;
  const std::string_view text = note.substr(0, blank + 1);
  if (!sound_text(text)) return false;
  const std::string start = std::string(kDash) + std::string(name) + ' ';
  std::string_view lines = note.substr(blank + 2);
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(line.size() + 1);
    if (!line.starts_with(start)) continue;
    const auto decoded = parse_base64(line.substr(start.size()));
    if (!decoded.ok() || decoded->size() != kIdSize + crypto_sign_BYTES) continue;
    const ByteView all(*decoded);
    if (equal(all.first(kIdSize), key_id(name, key)) && signs(text, all.subspan(kIdSize), key))
      return true;
  }
  return false;
}

}  // namespace resguardo
