// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "crypto/base/clock.h"
#include "crypto/seal/roster.h"

namespace resguardo::testing_support {

struct LargeBundle {
  std::size_t reports = 1;
  std::size_t turns = 16;    // of one segment
  std::size_t answer = 100;  // bytes of each answer
  std::string form;
};

// Writes a bundle of any size, logged, sealed by the code that seals in the server, in little
// memory: rows go through a file beside it. A failure throws.
void write_large_bundle(const std::filesystem::path& file, const VerifiedRoster& roster,
                        const LargeBundle& wanted, TimePoint now);

}  // namespace resguardo::testing_support
