// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace resguardo::open {

// Writes a file of 0600 that appears whole or not at all, synced to the disk. kConflict: there is
// one already. For files that hold a locked key.
Status write_key_file(const std::filesystem::path& file, std::string_view text);

// At most 1 MiB. kNotFound, kUnavailable, kMalformed: too long.
Result<Bytes> read_key_file(const std::filesystem::path& file);

// The parts of a directory that is itself named only when it is complete: a new file, synced, and
// what makes names durable.
Status write_synced(const std::filesystem::path& file, std::string_view text);
Status sync_directory(const std::filesystem::path& dir);

// Random bytes over all of a file, synced: its content is gone, its name stays. And its name too.
// WARNING: best effort: flash, journals and snapshots keep what was there.
Status overwrite_file(const std::filesystem::path& file);
Status destroy_file(const std::filesystem::path& file);

}  // namespace resguardo::open
