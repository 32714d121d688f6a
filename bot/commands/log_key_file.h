// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>

#include "crypto/base/secret_bytes.h"
#include "crypto/log/log_key.h"

namespace resguardo::commands {

// The server's log key: its seed in DATA/keys/log.key under the master key, its public half in
// DATA/log.pub (hexadecimal). kConflict: there is one already.
Result<LogKey> create_log_key(const std::filesystem::path& data, const SecretBytes& master);
Result<LogKey> open_log_key(const std::filesystem::path& data, const SecretBytes& master);

}  // namespace resguardo::commands
