// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "crypto/open/locked_key.h"
#include "crypto/seal/public_key.h"
#include "program/console.h"
#include "program/passphrase.h"

namespace resguardo::analyst {

// What every command is given by main().
struct Call {
  program::Console& console;
  RandomSource& ids;
  TimePoint now;
};

// How hard a new key file is to guess at; from the command line.
struct CostOptions {
  std::uint64_t memory = open::LockCost{}.memory;  // bytes
  std::uint32_t passes = open::LockCost{}.ops;
};
// Warns when it is below the default. kUsage: out of bounds.
program::Outcome<open::LockCost> cost_of(const CostOptions& options, program::Console& console);

// 64 hex digits, or a file that holds them and nothing else.
program::Outcome<Bytes> read_key_text(const std::string& text_or_file, const std::string& option);

template <class Role>
program::Outcome<PublicKey<Role>> read_public_key(const std::string& text_or_file,
                                                  const std::string& option) {
  RESGUARDO_TRY(const Bytes bytes, read_key_text(text_or_file, option));
  return program::at(option, PublicKey<Role>::from_bytes(bytes));
}

// A file of at most 16 MiB: rosters, public halves, key files.
program::Outcome<Bytes> read_text_file(const std::filesystem::path& path);

}  // namespace resguardo::analyst
