// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/walk/random_walk.h"

#include <random>
#include <set>
#include <string>

namespace resguardo::form {
namespace {

constexpr std::size_t kLongestWalk = 600;  // replies: five events, each with all repeats

void note(const Stage& stage, const Stand& stand, Walked& walked) {
  const auto see = [&](const std::string& id) {
    const std::size_t node = stage.content().find(id);
    if (node != dialogue::kNoIndex) walked.nodes[node] = true;
  };
  for (const auto& fact : stand.state.facts()) see(fact.node());
  if (stand.prompt) see(stand.prompt->node);
}

// One of eight comes with a card, where the form has one.
std::string hello_of(const Stage& stage, std::uint64_t seed) {
  const std::string card = command_word(stage.content().form, pb::COMMAND_CARD);
  return typed(seed % 8 == 7 && !card.empty() ? card : "hola");
}

}  // namespace

Walked random_walk(const Stage& stage, Ways& ways, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Walked walked;
  walked.nodes.resize(stage.content().nodes.size());
  walked.lines = {hello_of(stage, seed)};
  Stand stand = stage.say({}, walked.lines.front());
  std::set<std::string> been;
  while (!stand.over() && walked.lines.size() < kLongestWalk) {
    note(stage, stand, walked);
    been.insert(place_of(stand));
    auto all = ways.every(stand);
    Stand next;
    while (!all.empty()) {
      const std::size_t at = random() % all.size();
      next = stand;
      for (const auto& line : all[at]) next = stage.say(next, line);
      const bool back = ways.told() == Told::kOneEvent && been.contains(place_of(next));
      if (!ways.too_much(next) && !back) {
        walked.lines.insert(walked.lines.end(), all[at].begin(), all[at].end());
        break;
      }
      all.erase(all.begin() + static_cast<std::ptrdiff_t>(at));
    }
    if (all.empty()) break;
    stand = std::move(next);
  }
  note(stage, stand, walked);
  walked.receipt = stand.receipt();
  walked.mode = stand.mode();
  walked.replies = walked.lines.size();
  // What comes after the receipt.
  for (int i = 0;
       i < 5 && stand.prompt && stand.state.phase() == pb::ConversationState::PHASE_CLOSED; ++i) {
    stand = stage.say(stand, "> ok");
    note(stage, stand, walked);
  }
  return walked;
}

}  // namespace resguardo::form
