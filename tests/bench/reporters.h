// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/bench/filler.h"

namespace resguardo::bench {

struct Reported {
  std::uint64_t whole = 0, interrupted = 0, left = 0, duress = 0;
  // Of who will take back something: the report in hex, and a number that makes the key.
  std::vector<std::pair<std::string, std::uint32_t>> regret;
};

// So many reports in the store of a stopped bot, told by people who each say something else: 84 of
// 100 to the receipt; 8 fall silent midway, 5 leave by the word for duress, 3 by EXIT, and the
// bot's upkeep ends those. One in fifty of the whole ones has a withdrawal key that is known here.
// What is said is drawn from the seed; ids, keys and salts are not.
Reported report_all(const config::Config& config, const dialogue::Form& form, std::uint64_t reports,
                    std::uint32_t seed);

// Each second one takes everything back, the others what they consented to first: signed, logged,
// erased where all is taken back.
void take_back(const config::Config& config,
               const std::vector<std::pair<std::string, std::uint32_t>>& regret,
               const std::string& purpose);

}  // namespace resguardo::bench
