// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/log/checkpoint.h"

namespace resguardo {

// That an entry is in a log, checkable offline: C2SP tlog-proof, version 1, as text.
//
//   c2sp.org/tlog-proof@v1
//   extra BASE64            (may be missing; not covered by anything)
//   index N
//   BASE64                  (the inclusion path, leaf's sibling first)
//   …
//                           (an empty line)
//   the checkpoint's note
struct LogProof {
  std::optional<Bytes> extra;
  std::uint64_t index = 0;
  std::vector<Digest> path;
  std::string checkpoint;  // the note, exact
};

std::string log_proof_text(const LogProof& proof);
// Strict: log_proof_text() gives the same bytes back. kMalformed also if the note is none.
Result<LogProof> parse_log_proof(std::string_view text);

// True if `entry` is what the proof's path leads from to its checkpoint's root.
// WARNING: says nothing about who signed the checkpoint: verify_checkpoint().
bool proves(const LogProof& proof, ByteView entry);

}  // namespace resguardo
