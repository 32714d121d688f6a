// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "crypto/open/key_directory.h"

// Inside crypto/open only.
namespace resguardo::open {

// What every epoch key's file must agree with.
struct Wrapping {
  MemberId member;
  WrappingId id;
  SecretBytes key;
};

// A key directory unlocked, with what it takes to write it anew.
struct KeyDirectoryParts {
  AnalystKeys keys;
  std::string label;
  std::vector<Week> weeks;  // that have a key
  Wrapping wrapping;
  LockCost cost;  // of the wrapping key's file
};

// The directory is held (key_change.h).
Result<KeyDirectoryParts> unlock_parts(const std::filesystem::path& dir,
                                       const SecretBytes& passphrase);

// Text of a key file under `wrapping`. No week: the reserve.
Result<std::string> lock_epoch(const SecretKey<EpochRole>& key, const std::string& label,
                               std::optional<Week> week, const Wrapping& wrapping);
std::string epoch_file_name(Week week);  // epochs/2026-W47.key

}  // namespace resguardo::open
