// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/route.h"

#include <algorithm>

#include "bot/dialogue/card.h"
#include "bot/dialogue/question_type.h"

namespace resguardo::dialogue {
namespace {

bool is_in(std::uint32_t modes, pb::Mode mode) {
  return modes == 0 || (modes & (1U << static_cast<unsigned>(mode))) != 0;
}

// A spot of the repeat at another of its times.
Spot at_time(const CompiledRepeat& repeat, std::size_t node, const Spot& from, std::uint32_t time) {
  Spot spot{node, from.section, 0};
  (repeat.group ? spot.group : spot.section) = time;
  return spot;
}
std::uint32_t time_in(const CompiledRepeat& repeat, const Spot& spot) {
  return repeat.group ? spot.group : spot.section;
}

bool decides(const CompiledNode& node, std::size_t other) {
  if (node.decides.empty() || other < node.decides.front() || other > node.decides.back())
    return false;
  return std::binary_search(node.decides.begin(), node.decides.end(), other);
}

}  // namespace

pb::Mode Route::mode() const {
  const auto mode = state_.mode();
  if (mode == pb::MODE_UNSPECIFIED || mode >= kModeCount) return pb::MODE_GUIDED;
  return static_cast<pb::Mode>(mode);
}

bool Route::before(std::size_t node, std::size_t other) const {
  const auto& place = form_.place[static_cast<std::size_t>(mode())];
  return place[node] < place[other];
}

// How often, of a repeat that goes through what was picked. Codes stand for times by their order.
std::uint32_t Route::times(const CompiledRepeat& repeat, const Spot& spot) const {
  const pb::Fact* fact = facts_.find(spot_seen_from(form_, repeat.for_each, spot));
  if (fact == nullptr) return 0;
  const auto& left_out = repeat.source->exclude();
  const auto picked = std::count_if(fact->codes().begin(), fact->codes().end(), [&](auto& code) {
    return std::find(left_out.begin(), left_out.end(), code) == left_out.end();
  });
  return std::min(static_cast<std::uint32_t>(picked), repeat.max);
}

bool Route::affirmed(std::size_t index, const Spot& spot, std::uint32_t time) const {
  const auto& repeat = form_.repeats[index];
  const pb::Fact* fact = facts_.find(at_time(repeat, repeat.while_node, spot, time));
  if (fact == nullptr || fact->codes_size() != 1) return false;
  const auto* choice = form_.nodes[repeat.while_node].find(fact->codes(0));
  return choice != nullptr && choice->source->affirms();
}

bool Route::leads_on(const Spot& spot) const {
  const auto& node = form_.nodes[spot.node];
  for (const std::size_t index : {form_.sections[node.section].repeat, node.group}) {
    if (index == kNoIndex || form_.repeats[index].while_node != spot.node) continue;
    if (affirmed(index, spot, time_in(form_.repeats[index], spot))) return true;
  }
  return false;
}

// Whether the repeat comes to this time at all.
bool Route::has_time(std::size_t index, const Spot& spot, std::uint32_t time) const {
  const auto& repeat = form_.repeats[index];
  if (time >= repeat.max) return false;
  if (repeat.for_each != kNoIndex) return time < times(repeat, spot);
  return time == 0 || affirmed(index, spot, time - 1);
}

// Whether this node of the repeat is there at a time that there is.
bool Route::in_its_repeat(std::size_t index, const Spot& spot, std::uint32_t time) const {
  const auto& repeat = form_.repeats[index];
  if (repeat.while_node == kNoIndex) return true;
  if (repeat.begins()) return spot.node == repeat.while_node || affirmed(index, spot, time);
  return spot.node != repeat.while_node || time + 1 < repeat.max;
}

// The same for all nodes of a section at one of its times.
bool Route::section_stands(const Spot& spot) const {
  const auto& section = form_.sections[form_.nodes[spot.node].section];
  if (!section.relevant.holds(Seen(facts_, spot))) return false;
  return section.repeat == kNoIndex || has_time(section.repeat, spot, spot.section);
}

bool Route::node_stands(const Spot& spot) const {
  const auto& node = form_.nodes[spot.node];
  const std::size_t repeat = form_.sections[node.section].repeat;
  if (repeat != kNoIndex && !in_its_repeat(repeat, spot, spot.section)) return false;
  const Seen seen(facts_, spot);
  if (node.group != kNoIndex) {
    if (!form_.repeats[node.group].relevant.holds(seen)) return false;
    if (!has_time(node.group, spot, spot.group)) return false;
    if (!in_its_repeat(node.group, spot, spot.group)) return false;
  }
  return node.relevant.holds(seen);
}

bool Route::asked(const Spot& spot) const {
  const auto& node = form_.nodes[spot.node];
  const auto now = mode();
  if (!media_ && node.source->has_media()) return false;
  if (state_.card() && node.type->asks && !asked_by_card(form_, spot.node)) return false;
  if (!is_in(node.modes, now) || !is_in(form_.sections[node.section].modes, now)) return false;
  if (node.group != kNoIndex && !is_in(form_.repeats[node.group].modes, now)) return false;
  return relevant(spot);
}

bool Route::faded(std::size_t node, const Spot& from) const {
  const pb::Fact* fact = facts_.find(spot_seen_from(form_, node, from));
  return fact != nullptr && fact->faded();
}
bool Route::reads_faded(const Expression& expression, const Spot& from) const {
  const auto& all = expression.variables();
  return std::any_of(all.begin(), all.end(), [&](std::size_t variable) {
    return variable >= kKnownCount && faded(variable - kKnownCount, from);
  });
}

// What decides it is not known any more, and will be asked again before it.
bool Route::undecided(const Spot& spot) const {
  const auto& node = form_.nodes[spot.node];
  const auto& section = form_.sections[node.section];
  if (reads_faded(node.relevant, spot) || reads_faded(section.relevant, spot)) return true;
  for (const std::size_t index : {section.repeat, node.group}) {
    if (index == kNoIndex) continue;
    const auto& repeat = form_.repeats[index];
    if (reads_faded(repeat.relevant, spot)) return true;
    if (repeat.for_each != kNoIndex && faded(repeat.for_each, spot)) return true;
    if (repeat.while_node == kNoIndex) continue;
    const std::uint32_t last = std::min(time_in(repeat, spot), repeat.max);
    for (std::uint32_t time = 0; time <= last; ++time) {
      if (faded(repeat.while_node, at_time(repeat, repeat.while_node, spot, time))) return true;
    }
  }
  return false;
}

Spot Route::first_that_fell(std::size_t by) const {
  std::size_t section = kNoIndex;
  std::uint32_t time = 0;
  bool stands = false;
  for (const Spot& spot : facts_.order()) {
    if (spot.node <= form_.language_node) continue;
    const CompiledNode& node = form_.nodes[spot.node];
    if (node.always) continue;
    if (by != kNoIndex && !decides(form_.nodes[by], spot.node)) continue;
    if (node.section != section || spot.section != time) {
      section = node.section;
      time = spot.section;
      stands = section_stands(spot);
    }
    const bool relevant = stands && node_stands(spot);
    if (!relevant && !undecided(spot)) return spot;
  }
  return {};
}

Spot Route::first_of(std::size_t section, std::uint32_t time) const {
  return {form_.order[static_cast<std::size_t>(mode())][form_.sections[section].first], time, 0};
}

Spot Route::following(const Spot& spot) const {
  const auto& node = form_.nodes[spot.node];
  if (node.group != kNoIndex && spot.node == form_.repeats[node.group].last &&
      has_time(node.group, spot, spot.group + 1)) {
    return {form_.repeats[node.group].first, spot.section, spot.group + 1};
  }
  const auto& section = form_.sections[node.section];
  const std::size_t place = form_.place[static_cast<std::size_t>(mode())][spot.node];
  if (place == section.last) {
    const bool again =
        section.repeat != kNoIndex && has_time(section.repeat, spot, spot.section + 1);
    if (again) return first_of(node.section, spot.section + 1);
  }
  if (place + 1 >= form_.nodes.size()) return {};
  return spot_seen_from(form_, form_.order[static_cast<std::size_t>(mode())][place + 1], spot);
}

}  // namespace resguardo::dialogue
