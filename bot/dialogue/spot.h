// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "bot/dialogue/compiled.h"
#include "proto/conversation.pb.h"

namespace resguardo::dialogue {

// A node at one time of the repeats it stands in, each counted from 0; 0 where there is none.
struct Spot {
  std::size_t node = kNoIndex;
  std::uint32_t section = 0;  // which time of its section
  std::uint32_t group = 0;    // which time of its group
  friend bool operator==(const Spot&, const Spot&) = default;
};

// Where `node` is read or asked from `from`: the same times of what both stand in.
Spot spot_seen_from(const Form::Content& form, std::size_t node, const Spot& from);

// The path as it is sealed: the section's time, then the group's, of what repeats.
using Path = google::protobuf::RepeatedField<std::uint32_t>;
void write_path(const Form::Content& form, const Spot& spot, Path* path);
inline Spot spot_of(const Form::Content& form, std::size_t index, const Path& path) {
  Spot spot{index, 0, 0};
  if (path.empty()) return spot;
  const CompiledNode& node = form.nodes[index];
  int at = 0;
  if (node.section_repeats) spot.section = path.Get(at++);
  if (node.group != kNoIndex && at < path.size()) spot.group = path.Get(at);
  return spot;
}

// A choice's id: "node:code", in a repeat "node.1:code" or "node.1.0:code", so that a late tap is
// never taken for another time. What it begins with, all but the code.
std::string choice_ids_begin(const Form::Content& form, const Spot& spot);
struct NamedChoice {
  Spot spot;
  std::string_view code;
};
// Nothing: not an id we ever wrote.
std::optional<NamedChoice> choice_named(const Form::Content& form, std::string_view id);

// What a text calls this time: "1", "2", …; in a group with letters "A", "B".
std::string item_name(const Form::Content& form, const Spot& spot);

}  // namespace resguardo::dialogue
