// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.h"

namespace resguardo::testing_support {

// The pages of a SQLCipher database or WAL file as whoever has its key can read them, free pages
// and forgotten WAL frames included. Written against the file format, not with SQLCipher:
// AES-256-CBC under the raw key, the last 80 bytes of a page are its IV and its HMAC.
std::vector<Bytes> decrypt_pages(const std::filesystem::path& file, ByteView key);

bool occurs_in_pages(const std::filesystem::path& file, ByteView key, std::string_view planted);
// In the bytes of any file below `directory`, as they lie on the disk.
bool occurs_in_files(const std::filesystem::path& directory, std::string_view planted);

}  // namespace resguardo::testing_support
