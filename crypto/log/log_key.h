// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/base/secret_bytes.h"
#include "crypto/log/signed_note.h"
#include "crypto/seal/public_key.h"

namespace resguardo {

// The server's log key. It signs notes (checkpoints) and nothing else; it opens nothing.
class LogKey {
 public:
  static Result<LogKey> generate();
  // 64 bytes, seed ‖ public. kMalformed: the halves do not fit.
  static Result<LogKey> from_secret(SecretBytes secret);
  const SecretBytes& secret() const { return secret_; }  // for `init` to store
  const PublicKey<LogRole>& public_key() const { return public_; }

  // `text` with one signature line after a blank one, as C2SP signed-note has it (algorithm 0x01).
  // The signature is over `text` alone: no label, so that other tools can check it.
  // kMalformed: `text` does not end in a newline, or holds other control characters; `name` is
  // empty or holds white space or '+'.
  Result<std::string> sign_note(std::string_view name, std::string_view text) const;

 private:
  LogKey(SecretBytes secret, const PublicKey<LogRole>& key)
      : secret_(std::move(secret)), public_(key) {}
  SecretBytes secret_;
  PublicKey<LogRole> public_;
};

// What verifiers are given: name ‖ '+' ‖ key id in hex ‖ '+' ‖ base64(0x01 ‖ public key).
std::string note_verifier(std::string_view name, const PublicKey<LogRole>& key);

// True if `note` is some text signed by `key` under `name`; sound signature lines of other keys are
// ignored, a line of this key that does not fit is not.
bool verify_note(std::string_view note, std::string_view name, const PublicKey<LogRole>& key);
bool verify_note(const SignedNote& note, std::string_view name, const PublicKey<LogRole>& key);

}  // namespace resguardo
