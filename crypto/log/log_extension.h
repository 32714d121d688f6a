// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/log/checkpoint.h"

namespace resguardo {

// A checkpoint, and that its tree begins with the one of `old_size` entries (RFC 9162 §2.1.4). As
// text it is what C2SP tlog-witness calls the request to add a checkpoint:
//
//   old N
//   BASE64                  (the consistency proof)
//   …
//                           (an empty line)
//   the checkpoint's note
//
// A note alone is the same with nothing proven: old_size is the checkpoint's own.
struct LogExtension {
  std::uint64_t old_size = 0;
  std::vector<Digest> path;
  std::string checkpoint;  // the note, exact
};

std::string log_extension_text(const LogExtension& extension);
// Either of the two, strictly. kMalformed also if the note is none.
Result<LogExtension> parse_log_extension(std::string_view text);

// True if the tree of `size` entries with this root is a beginning of the checkpoint's, as the
// extension proves it, or because they are the same, or because it is empty.
// WARNING: says nothing about who signed the checkpoint: verify_checkpoint().
bool extends(const LogExtension& extension, std::uint64_t size, const Digest& root);

}  // namespace resguardo
