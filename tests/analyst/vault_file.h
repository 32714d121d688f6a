// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "crypto/open/key_directory.h"
#include "crypto/open/locked_key.h"
#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/statement.h"

namespace resguardo::testing_support {

// A vault's own file, as whoever has its passphrase can write to it.
inline Result<sqlcipher::Connection> vault_file(const std::filesystem::path& vault,
                                                std::string passphrase) {
  RESGUARDO_TRY(
      const auto words,
      SecretBytes::take({reinterpret_cast<std::uint8_t*>(passphrase.data()), passphrase.size()}));
  RESGUARDO_TRY(const Bytes file, open::read_key_file(vault / "vault.key"));
  RESGUARDO_TRY(const auto locked, open::LockedKey::parse(file));
  RESGUARDO_TRY(const auto key, locked.unlock(words));
  return sqlcipher::Connection::open(
      vault / "vault.db", key, {.create = false, .read_only = false, .memory_security = false});
}

}  // namespace resguardo::testing_support
