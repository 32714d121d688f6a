// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/walk/random_walk.h"

#include <random>
#include <set>
#include <string>

#include "bot/dialogue/question_type.h"
#include "form/walk/shown.h"

namespace resguardo::form {
namespace {

constexpr std::size_t kLongestWalk = 600;  // replies: five events, each with all repeats
constexpr std::size_t kAsides = 16;

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

// Messages that stand in a prompt and leave nothing in the state.
void read(const Stage& stage, const Stand& stand, Walked& walked) {
  const auto& nodes = stage.content().nodes;
  for (std::size_t i = 0; stand.prompt && i < nodes.size(); ++i) {
    if (!nodes[i].type->asks && shown_in(stand.prompt->text, nodes[i])) walked.nodes[i] = true;
  }
}

// What can be asked for at any time, and where a late answer to the safety question leads. The walk
// itself goes on as if nothing had been said.
void look_aside(const Stage& stage, const Stand& stand, Walked& walked) {
  const auto& content = stage.content();
  std::vector<std::string> lines;
  for (const auto kind : {pb::COMMAND_HELP, pb::COMMAND_HEALTH}) {
    lines.push_back("> " + command_word(content.form, kind));
  }
  const auto& safety = content.nodes[content.safety_node];
  for (const auto& choice : safety.choices) {
    if (choice.goto_node == dialogue::kNoIndex) continue;
    lines.push_back("tap-raw " + safety.source->id() + ":" + choice.code);
  }
  for (const std::string& line : lines) {
    const Stand aside = stage.say(stand, line);
    note(stage, aside, walked);
    read(stage, aside, walked);
  }
}

}  // namespace

void note_shown(const Stage& stage, const Stand& stand, std::vector<bool>& nodes) {
  Walked walked;
  walked.nodes.swap(nodes);
  note(stage, stand, walked);
  read(stage, stand, walked);
  nodes.swap(walked.nodes);
}

Walked random_walk(const Stage& stage, Ways& ways, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Walked walked;
  walked.nodes.resize(stage.content().nodes.size());
  walked.lines = {hello_of(stage, seed)};
  Stand stand = stage.say({}, walked.lines.front());
  std::set<std::string> been;
  // Not from `random`: what is seen aside changes no walk.
  const std::size_t aside_after = 2 + seed % kAsides;
  while (!stand.over() && walked.lines.size() < kLongestWalk) {
    note(stage, stand, walked);
    if (walked.lines.size() == aside_after) look_aside(stage, stand, walked);
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
    read(stage, stand, walked);
  }
  return walked;
}

}  // namespace resguardo::form
