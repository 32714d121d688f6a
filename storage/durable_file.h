// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace resguardo::storage {

// Small files that must be whole and on disk: written beside, synced, renamed, folder synced.
// kConflict: the file exists already.
Status write_new_file(const std::filesystem::path& file, ByteView content);
// kMalformed: larger than `limit`.
Result<Bytes> read_small_file(const std::filesystem::path& file, std::size_t limit);
// Overwrites the content in place with random bytes, syncs, unlinks, syncs the folder.
Status shred_file(const std::filesystem::path& file);
Status sync_directory(const std::filesystem::path& directory);

}  // namespace resguardo::storage
