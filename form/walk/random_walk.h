// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "form/walk/ways.h"

namespace resguardo::form {

// One conversation with somebody who answers anything, and to the end; one of eight by card.
struct Walked {
  bool receipt = false;
  pb::Mode mode = pb::MODE_GUIDED;
  std::size_t replies = 0;  // up to the receipt
  std::vector<bool> nodes;  // by node: it was asked or shown
  std::vector<std::string> lines;
};
// The same seed, the same walk. Told one event, nobody goes back to where they were.
Walked random_walk(const Stage& stage, Ways& ways, std::uint64_t seed);

// What a stand asks or shows, by node; also messages that leave no trace in the state.
void note_shown(const Stage& stage, const Stand& stand, std::vector<bool>& nodes);

}  // namespace resguardo::form
