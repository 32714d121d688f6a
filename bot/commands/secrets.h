// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include "bot/config/config.h"
#include "crypto/base/secret_bytes.h"
#include "program/problem.h"

namespace resguardo::commands {

// A small file's lines as secrets, without line ends; `least` to `most` of them, none empty.
// Refuses a file that others may read.
program::Outcome<std::vector<SecretBytes>> read_secret_lines(const std::filesystem::path& file,
                                                             std::size_t least, std::size_t most);
program::Outcome<SecretBytes> read_secret_line(const std::filesystem::path& file);

// 64 lower-case hexadecimal digits: from a systemd credential, a file, or standard input.
program::Outcome<SecretBytes> read_master_key(const config::Store& store);
program::Outcome<SecretBytes> parse_master_key(const SecretBytes& text, const std::string& where);

// A master key as the text of its file.
std::string master_key_text(const SecretBytes& master);

}  // namespace resguardo::commands
