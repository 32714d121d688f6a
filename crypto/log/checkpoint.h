// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/result.h"
#include "crypto/log/log_key.h"
#include "crypto/log/signed_note.h"

namespace resguardo {

// A tree head as C2SP tlog-checkpoint writes it: origin, size, root hash, extension lines.
struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Digest root;
  std::vector<std::string> extensions;  // plain names (crypto/format/plain_name.h)
};

// Our logs date every checkpoint by one extension line, "day 2026-11-21": the day it ends.
std::optional<Day> checkpoint_day(const Checkpoint& checkpoint);
Checkpoint dated_checkpoint(std::string origin, std::uint64_t size, const Digest& root, Day day);

std::string checkpoint_text(const Checkpoint& checkpoint);
// Strict: a sound origin, a decimal size below 2^63 without leading zeros, 32 bytes in canonical
// base64, extension lines that can be printed as they are; checkpoint_text() gives the same bytes
// back.
Result<Checkpoint> parse_checkpoint_text(std::string_view text);

// The two kinds of value in checkpoints and proofs; kMalformed otherwise.
Result<std::uint64_t> parse_decimal(std::string_view text);
Result<Digest> parse_base64_digest(std::string_view text);

// A note whose text is a checkpoint. parse says nothing about who signed it.
struct CheckpointNote {
  SignedNote note;
  Checkpoint checkpoint;
};
Result<CheckpointNote> parse_checkpoint(std::string_view note);

// Signed by `key` under the checkpoint's origin. Ed25519 is deterministic: the same checkpoint
// always gives the same note.
Result<std::string> sign_checkpoint(const LogKey& key, const Checkpoint& checkpoint);
bool verify_checkpoint(const CheckpointNote& note, const PublicKey<LogRole>& key);

}  // namespace resguardo
