// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "crypto/base/secret_bytes.h"
#include "program/problem.h"

namespace resguardo::program {

// Where a passphrase comes from: a file, an open descriptor, or else the person at the terminal.
// Never an argument and never the environment: others on the machine can read both.
struct PassphraseSource {
  std::optional<std::filesystem::path> file;
  std::optional<int> descriptor;
};

constexpr std::size_t kMaxPassphrase = 1024;

// The first line of the file or descriptor without its line break, or what is typed on the
// controlling terminal with echo off. `prompt` names what is unlocked. A new passphrase is asked
// for twice. kUsage: empty, too long, or no terminal to ask on.
Outcome<SecretBytes> read_passphrase(const PassphraseSource& source, const std::string& prompt,
                                     bool is_new);

}  // namespace resguardo::program
