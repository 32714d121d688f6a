// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/walk/reads.h"

#include <regex>

#include "form/walk/stand.h"

namespace resguardo::form {

using dialogue::kNoIndex;

void Use::merge(const Use& other) {
  codes.insert(other.codes.begin(), other.codes.end());
  every_code = every_code || other.every_code;
  count = count || other.count;
  answered = answered || other.answered;
  for_each = for_each || other.for_each;
  exclude.insert(other.exclude.begin(), other.exclude.end());
}

Reads::Reads(const dialogue::Form::Content& content, bool again)
    : content_(content),
      again_(again),
      own_(content.nodes.size()),
      by_mode_(kModeCount),
      ahead_(kModeCount) {
  for (std::size_t i = 0; i < content.nodes.size(); ++i) {
    const auto& section = *content.sections[content.nodes[i].section].source;
    add_expression(own_[i], section.relevant());
    if (section.has_repeat()) add_repeat(own_[i], section.repeat());
    for (const auto& node : section.nodes()) {  // a group's condition stands before its nodes
      if (!node.has_group()) continue;
      add_expression(own_[i], node.relevant());
      add_repeat(own_[i], node.group().repeat());
    }
    add_node(own_[i], *content.nodes[i].source);
    for (const auto& choice : content.nodes[i].choices) {
      add_expression(own_[i], choice.source->relevant());
    }
  }
  for (const Uses& own : own_) {
    for (const auto& [read, use] : own) everywhere_[read].merge(use);
  }
  for (int mode = pb::Mode_MIN + 1; mode <= pb::Mode_MAX; ++mode) {
    by_mode_[static_cast<std::size_t>(mode)] = from_each(static_cast<pb::Mode>(mode));
  }
}

const Uses& Reads::from(std::size_t node, pb::Mode mode) const {
  return by_mode_[static_cast<std::size_t>(mode)][node];
}

void Reads::add_expression(Uses& uses, const std::string& source) const {
  static const std::regex kWord("'([^']*)'|(selected|answered|count)\\(|([a-z_][a-z0-9_]*)");
  std::string function;
  std::size_t last = kNoIndex;
  for (std::sregex_iterator word(source.begin(), source.end(), kWord), none; word != none; ++word) {
    if ((*word)[2].matched) {
      function = (*word)[2].str();
    } else if ((*word)[1].matched) {
      if (last != kNoIndex) uses[last].codes.insert((*word)[1].str());
    } else if (const auto node = content_.find((*word)[3].str()); node != kNoIndex) {
      last = node;
      Use& use = uses[node];
      use.count = use.count || function == "count";
      use.answered = use.answered || function == "answered";
      function.clear();
    }
  }
}

void Reads::add_every_code(Uses& uses, const std::string& node) const {
  const auto index = content_.find(node);
  if (index == kNoIndex) return;
  uses[index].every_code = true;
  uses[index].count = true;
}

void Reads::add_repeat(Uses& uses, const pb::Repeat& repeat) const {
  add_every_code(uses, repeat.while_node());
  const auto node = content_.find(repeat.for_each());
  if (node == kNoIndex) return;
  uses[node].for_each = true;
  uses[node].exclude.insert(repeat.exclude().begin(), repeat.exclude().end());
}

void Reads::add_node(Uses& uses, const pb::Node& node) const {
  add_expression(uses, node.relevant());
  for (const auto& page : node.area().page_of()) add_every_code(uses, page);
  for (const auto& page : node.place().page_of()) add_every_code(uses, page);
  for (const auto& within : node.place().within()) add_every_code(uses, within);
  add_every_code(uses, node.contact().how_node());
}

// Everything that may come from here on: forward in this depth's order, and where choices and
// messages point.
std::vector<bool> Reads::ahead_of(std::size_t start, pb::Mode mode) const {
  const auto& order = content_.order[static_cast<std::size_t>(mode)];
  const auto& place = content_.place[static_cast<std::size_t>(mode)];
  std::vector<bool> seen(content_.nodes.size());
  std::vector<std::size_t> open = {start};
  while (!open.empty()) {
    const std::size_t node = open.back();
    open.pop_back();
    if (node >= seen.size() || seen[node]) continue;
    seen[node] = true;
    const auto& here = content_.nodes[node];
    for (const auto& choice : here.choices) open.push_back(choice.goto_node);
    open.push_back(here.after_goto);
    for (std::size_t next = place[node] + 1; next < order.size(); ++next) {
      const auto section = content_.nodes[order[next]].section;
      const bool entry = content_.sections[section].source->entry();
      if (!entry || section == here.section) open.push_back(order[next]);
    }
  }
  return seen;
}

// The next time of a repeat reads what was answered outside of it once more.
void Reads::add_again(std::size_t node, Uses& uses) const {
  for (const auto& repeat : content_.repeats) {
    const auto inside = [&](std::size_t each) {
      return each >= repeat.first && each <= repeat.last;
    };
    if (!inside(node)) continue;
    for (std::size_t other = repeat.first; other <= repeat.last; ++other) {
      for (const auto& [read, use] : own_[other]) {
        if (!inside(read)) uses[read].merge(use);
      }
    }
  }
}

std::vector<Uses> Reads::from_each(pb::Mode mode) {
  auto& ahead = ahead_[static_cast<std::size_t>(mode)];
  ahead.resize(content_.nodes.size());
  std::vector<Uses> all(content_.nodes.size());
  for (std::size_t node = 0; node < all.size(); ++node) {
    const auto seen = ahead_of(node, mode);
    for (std::size_t other = 0; other < seen.size(); ++other) {
      if (!seen[other]) continue;
      ahead[node].push_back(other);
      for (const auto& [read, use] : own_[other]) all[node][read].merge(use);
    }
    if (again_) add_again(node, all[node]);
  }
  return all;
}

}  // namespace resguardo::form
