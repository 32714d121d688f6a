// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "bot/commands/commands.h"
#include "bot/config/config.h"
#include "crypto/base/clock.h"
#include "crypto/log/log_key.h"
#include "program/problem.h"

namespace resguardo::commands {

// What was made of a backup.
struct Restored {
  Day backup;                 // when it was made
  std::uint64_t reports = 0;  // that are here now
  std::uint64_t erased = 0;   // since the backup, and here too now
  std::uint64_t damaged = 0;  // whose keys cannot be read
  std::uint64_t lost = 0;     // entries of the log, at least
  std::uint64_t old_size = 0;
  std::string old_origin;
  std::string log_key;  // the new one, as verifiers are given it
  std::string fingerprint;
};

// Makes a store of a backup in `draft`, an empty directory (docs/adr/135). What is there afterwards
// may be named; after a problem it may not.
program::Outcome<Restored> restore_into(const std::filesystem::path& draft,
                                        const RestoreOptions& options, const config::Config& config,
                                        TimePoint now);

}  // namespace resguardo::commands
