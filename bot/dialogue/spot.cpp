// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/spot.h"

#include <charconv>
#include <string>

namespace resguardo::dialogue {
namespace {

constexpr std::uint32_t kLetters = 26;

// ".1.0" → two numbers, as write_path() has them; no others.
bool read_path(std::string_view text, Path& path) {
  while (!text.empty()) {
    if (text.front() != '.') return false;
    text.remove_prefix(1);
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return false;
    path.Add(number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
  return true;
}

}  // namespace

Spot spot_seen_from(const Form::Content& form, std::size_t node, const Spot& from) {
  Spot spot{node, 0, 0};
  if (from.node == kNoIndex) return spot;
  const CompiledNode& there = form.nodes[node];
  const CompiledNode& here = form.nodes[from.node];
  if (there.section == here.section) spot.section = from.section;
  if (there.group != kNoIndex && there.group == here.group) spot.group = from.group;
  return spot;
}

void write_path(const Form::Content& form, const Spot& spot, Path* path) {
  path->Clear();
  const CompiledNode& node = form.nodes[spot.node];
  if (node.section_repeats) path->Add(spot.section);
  if (node.group != kNoIndex) path->Add(spot.group);
}

std::string choice_ids_begin(const Form::Content& form, const Spot& spot) {
  const CompiledNode& node = form.nodes[spot.node];
  std::string id = node.source->id();
  const auto add = [&](std::uint32_t time) { id.append(1, '.').append(std::to_string(time)); };
  if (node.section_repeats) add(spot.section);
  if (node.group != kNoIndex) add(spot.group);
  return id.append(1, ':');
}

std::optional<NamedChoice> choice_named(const Form::Content& form, std::string_view id) {
  const auto colon = id.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view place = id.substr(0, colon);
  const auto dot = std::min(place.find('.'), place.size());
  const std::size_t node = form.find(place.substr(0, dot));
  Path path;
  if (node == kNoIndex || !read_path(place.substr(dot), path)) return std::nullopt;
  const Spot spot = spot_of(form, node, path);
  Path written;
  write_path(form, spot, &written);
  if (written.size() != path.size()) return std::nullopt;
  return NamedChoice{spot, id.substr(colon + 1)};
}

std::string item_name(const Form::Content& form, const Spot& spot) {
  const std::size_t group = form.nodes[spot.node].group;
  if (group == kNoIndex) return std::to_string(spot.section + 1);
  if (!form.repeats[group].letters || spot.group >= kLetters) return std::to_string(spot.group + 1);
  return std::string(1, static_cast<char>('A' + static_cast<char>(spot.group)));
}

}  // namespace resguardo::dialogue
