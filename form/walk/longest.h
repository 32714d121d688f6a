// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "form/walk/ways.h"

namespace resguardo::form {

// The longest way from hello to the receipt in one depth, on one channel.
struct LongestPath {
  pb::Mode mode = pb::MODE_GUIDED;
  dialogue::ChannelKind channel = dialogue::ChannelKind::kSignal;
  std::size_t replies = 0;         // what the person sends, hello and each DONE among it
  std::vector<std::string> lines;  // a transcript that takes so many
};

// For each depth that a receipt can be reached in, over all channels and languages.
//
// Exact: the engine itself is asked what comes next, and two situations are taken for one only if
// nothing that comes later tells them apart. Bounded by that: a question with more than nine codes
// that are read later is tried with each alone, each two, and all of them. A way back to a question
// that was asked before ("tell me more", "who are you?") is not counted: it has no end. A multiple
// choice is one reply ("1 3").
std::vector<LongestPath> longest_paths(std::shared_ptr<const dialogue::Form> form, Told told);
// The same on one channel, of those who begin with these lines: a smaller search.
std::vector<LongestPath> longest_paths_after(const Stage& stage,
                                             const std::vector<std::string>& begun, Told told);

// The same by card, from its word. Nothing: no receipt is reached, or the form has no card.
std::optional<LongestPath> longest_card_path(std::shared_ptr<const dialogue::Form> form);

}  // namespace resguardo::form
