// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/walk/longest.h"

#include <algorithm>
#include <unordered_set>

namespace resguardo::form {
namespace {

using dialogue::ChannelKind;
using dialogue::kNoIndex;

constexpr int kNoWay = -1;

// The longest rest of the way by the depth in which it ends, and by which of the ways it goes.
struct Rest {
  std::array<int, kModeCount> replies;
  std::array<std::size_t, kModeCount> way{};
  Rest() { replies.fill(kNoWay); }
};

class Search {
 public:
  Search(const Stage& stage, const Reads& reads, Told told)
      : stage_(stage), reads_(reads), ways_(stage, reads, told) {}

  std::vector<LongestPath> run(const std::vector<std::string>& begun) {
    Stand first;
    for (const std::string& line : begun) first = stage_.say(first, line);
    const Rest all = rest_of(first);
    std::vector<LongestPath> paths;
    for (std::size_t mode = 0; mode < kModeCount; ++mode) {
      if (all.replies[mode] == kNoWay) continue;
      LongestPath path;
      path.mode = static_cast<pb::Mode>(mode);
      path.channel = stage_.channel();
      path.replies = static_cast<std::size_t>(all.replies[mode]) + begun.size();
      path.lines = witness(begun, first, mode);
      paths.push_back(std::move(path));
    }
    return paths;
  }

 private:
  Stand after(const Stand& stand, const Way& way) const {
    Stand at = stage_.say(stand, way.front());
    for (std::size_t i = 1; i < way.size() && !at.over(); ++i) at = stage_.say(at, way[i]);
    return at;
  }

  Rest rest_of(const Stand& stand) {
    Rest rest;
    if (stand.receipt()) {
      rest.replies[static_cast<std::size_t>(stand.mode())] = 0;
      return rest;
    }
    if (stand.over()) return rest;
    const std::string key = situation(stand);
    if (const auto known = known_.find(key); known != known_.end()) return known->second;
    const std::string place = place_of(stand);
    if (!open_.insert(place).second) return rest;  // asked before: a way back
    const auto ways = ways_.at(stand);
    for (std::size_t i = 0; i < ways.size(); ++i) {
      const Stand next = after(stand, ways[i]);
      if (ways_.too_much(next)) continue;
      const Rest further = rest_of(next);
      for (std::size_t mode = 0; mode < kModeCount; ++mode) {
        if (further.replies[mode] == kNoWay) continue;
        const int replies = further.replies[mode] + static_cast<int>(ways[i].size());
        if (replies <= rest.replies[mode]) continue;
        rest.replies[mode] = replies;
        rest.way[mode] = i;
      }
    }
    open_.erase(place);
    known_.emplace(key, rest);
    return rest;
  }

  // All that can still matter, and nothing else.
  std::string situation(const Stand& stand) const {
    const auto& state = stand.state;
    std::string key = std::to_string(static_cast<int>(state.phase()));
    key.append("|").append(state.cursor()).append("|").append(state.language());
    key.append("|").append(std::to_string(state.mode()));
    key.append(state.discreet() ? "|d" : "|").append(state.kept() ? "k" : "");
    const auto cursor = stage_.cursor(stand);
    if (cursor.node == kNoIndex) return key;
    for (const auto time : state.cursor_instance()) key.append(".").append(std::to_string(time));
    const auto& content = stage_.content();
    const auto& uses = reads_.from(cursor.node, stand.mode());
    for (const auto& fact : state.facts()) {
      const std::size_t node = content.find(fact.node());
      const auto use = uses.find(node);
      if (node == kNoIndex || use == uses.end()) continue;
      const auto spot = dialogue::spot_of(content, node, fact.instance());
      if (spot == dialogue::spot_seen_from(content, node, cursor)) {
        add_fact(key, fact, node, use->second);
      }
    }
    return key;
  }
  void add_fact(std::string& key, const pb::Fact& fact, std::size_t node, const Use& use) const {
    std::vector<std::string> codes;
    std::size_t count = 0;
    for (const auto& code : fact.codes()) {
      if (use.names(code)) codes.push_back(code);
      const auto* choice = stage_.content().nodes[node].find(code);
      if (choice == nullptr || !choice->source->exclusive()) ++count;
    }
    const bool answered =
        !fact.skipped() && !fact.shown() && (fact.codes_size() > 0 || fact.parts() > 0);
    const std::size_t times = use.times(fact.codes());
    const bool counts = (use.count && count > 0) || times > 0;
    if (codes.empty() && !counts && !(use.answered && answered)) return;
    std::sort(codes.begin(), codes.end());
    key.append("|").append(fact.node());
    for (const auto& code : codes) key.append(",").append(code);
    if (use.count) key.append("#").append(std::to_string(count));
    if (times > 0) key.append("*").append(std::to_string(times));
    if (use.answered) key.append(answered ? "+" : "-");
  }

  std::vector<std::string> witness(std::vector<std::string> lines, Stand stand, std::size_t mode) {
    while (!stand.receipt()) {
      const auto found = known_.find(situation(stand));
      if (found == known_.end()) break;
      const Way way = ways_.at(stand).at(found->second.way[mode]);
      lines.insert(lines.end(), way.begin(), way.end());
      stand = after(stand, way);
    }
    return lines;
  }

  const Stage& stage_;
  const Reads& reads_;
  Ways ways_;
  std::unordered_map<std::string, Rest> known_;
  std::unordered_set<std::string> open_;
};

}  // namespace

std::vector<LongestPath> longest_paths_after(const Stage& stage,
                                             const std::vector<std::string>& begun, Told told) {
  const Reads reads(stage.content(), told == Told::kEverything);
  return Search(stage, reads, told).run(begun);
}

std::vector<LongestPath> longest_paths(std::shared_ptr<const dialogue::Form> form, Told told) {
  const Reads reads(form->content(), told == Told::kEverything);
  std::vector<LongestPath> best;
  for (const auto channel : {ChannelKind::kSignal, ChannelKind::kWhatsApp, ChannelKind::kPlain}) {
    // Numbered text, as on Signal: it differs only where a condition asks for it.
    const bool asked_for = to_string(form->source()).find("'plain'") != std::string::npos;
    if (channel == ChannelKind::kPlain && !asked_for) continue;
    const Stage stage(form, channel);
    for (auto& path : Search(stage, reads, told).run({"> hola"})) {
      const auto same = std::find_if(best.begin(), best.end(), [&](const LongestPath& each) {
        return each.mode == path.mode;
      });
      if (same == best.end()) {
        best.push_back(std::move(path));
      } else if (path.replies > same->replies) {
        *same = std::move(path);
      }
    }
  }
  std::sort(best.begin(), best.end(),
            [](const LongestPath& a, const LongestPath& b) { return a.mode < b.mode; });
  return best;
}

std::optional<LongestPath> longest_card_path(std::shared_ptr<const dialogue::Form> form) {
  const std::string word = command_word(form->content().form, pb::COMMAND_CARD);
  if (word.empty()) return std::nullopt;
  const Reads reads(form->content(), false);
  const std::vector<std::string> begun = {"> " + word};
  std::optional<LongestPath> longest;
  for (const auto channel : {ChannelKind::kSignal, ChannelKind::kWhatsApp}) {
    const Stage stage(form, channel);
    for (auto& path : Search(stage, reads, Told::kOneEvent).run(begun)) {
      if (!longest || path.replies > longest->replies) longest = std::move(path);
    }
  }
  return longest;
}

}  // namespace resguardo::form
