// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>

#include "crypto/base/result.h"
#include "crypto/base/secret_bytes.h"

namespace resguardo::storage {

// One server key on disk: magic, generation of the wrapping key, nonce, and the 32 bytes under
// XChaCha20-Poly1305 with the header and the file's name authenticated: a file that was renamed
// does not open. 0600.
constexpr std::size_t kServerKeySize = 32;

// Whole or not at all, and on disk when it returns. kConflict: the file exists.
Status write_key_file(const std::filesystem::path& file, const SecretBytes& key,
                      const SecretBytes& wrapping);
// The same for a file that will be renamed to `name` in its folder, and opens only there.
Status write_key_file_as(const std::filesystem::path& file, const std::filesystem::path& name,
                         const SecretBytes& key, const SecretBytes& wrapping);
// One that was renamed from `name`.
Result<SecretBytes> read_key_file_as(const std::filesystem::path& file,
                                     const std::filesystem::path& name,
                                     const SecretBytes& wrapping);
// kUnauthentic: the wrapping key does not fit, or the file was changed or renamed.
Result<SecretBytes> read_key_file(const std::filesystem::path& file, const SecretBytes& wrapping);
// Overwrites in place, syncs, unlinks. On flash this is best effort. kNotFound: it is gone.
Status destroy_key_file(const std::filesystem::path& file);

// The key that wraps: crypto_kdf, context "wrapkeys", of the master key.
Result<SecretBytes> wrapping_key(const SecretBytes& master);

}  // namespace resguardo::storage
