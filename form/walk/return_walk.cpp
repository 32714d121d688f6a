// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/walk/return_walk.h"

#include <random>
#include <set>
#include <string>

#include "form/transcript/shelf.h"
#include "form/walk/random_walk.h"

namespace resguardo::form {
namespace {

using dialogue::kNoIndex;
using State = pb::ConversationState;

constexpr std::size_t kMostPlaces = 4000;
constexpr std::uint64_t kTriesToBegin = 200;  // conversations, to come to consent
constexpr int kLongestToBegin = 40;           // replies

class ReturnWalk {
 public:
  ReturnWalk(const Stage& stage, const Ways& ways) : stage_(stage), ways_(ways) {
    nodes_.resize(stage.content().nodes.size());
    for (const auto kind : {pb::COMMAND_DELETE, pb::COMMAND_BACK, pb::COMMAND_DONE,
                            pb::COMMAND_PAUSE, pb::COMMAND_EXIT})
      orders_.push_back(typed(command_word(stage.content().form, kind)));
    orders_.push_back(typed("CANARY"));
    orders_.push_back("file");
  }

  std::vector<bool> run() {
    for (const char* shelf : {"replies 1", "replies 0", "failing yes"}) {
      shelf_ = shelf;
      explore(come({}, Shelf::kReceipt));
      explore(come(paused_report(), Shelf::kReceipt));
    }
    find_the_row();
    return std::move(nodes_);
  }

 private:
  Stand come(const Stand& from, std::string_view receipt) {
    return stage_.say(from, typed(std::string(receipt)), shelf_);
  }

  // Every place that can be come to from there while they are back, or add.
  void explore(const Stand& begin) {
    std::vector<Stand> open = {begin};
    std::set<std::string> been;
    while (!open.empty() && been.size() < kMostPlaces) {
      const Stand stand = std::move(open.back());
      open.pop_back();
      note_shown(stage_, stand, nodes_);
      const bool back = stand.state.phase() == State::PHASE_RETURNED || stand.state.adding();
      if (!back || !been.insert(name_of(stand)).second) continue;
      for (const std::string& line : lines_at(stand))
        open.push_back(stage_.say(stand, line, shelf_));
    }
  }

  static std::string name_of(const Stand& stand) {
    State state = stand.state;
    state.clear_last_said_ms();
    state.clear_misunderstood();
    state.clear_facts();
    return state.SerializeAsString() + (stand.prompt ? stand.prompt->node : "");
  }

  std::vector<std::string> lines_at(const Stand& stand) const {
    std::vector<std::string> lines = orders_;
    if (stand.prompt)
      for (const auto& choice : stand.prompt->choices) lines.push_back("tap-raw " + choice.id);
    // After a code all is one message without buttons.
    for (int row = 1; row <= 9; ++row) lines.push_back(typed(std::to_string(row)));
    return lines;
  }

  // One that was begun, by whoever comes to consent, and is paused.
  Stand paused_report() const {
    for (std::uint64_t seed = 0; seed < kTriesToBegin; ++seed) {
      std::mt19937_64 random(seed);
      Stand stand = stage_.say({}, typed("hola"));
      for (int reply = 0; reply < kLongestToBegin && !stand.over(); ++reply) {
        if (stand.state.phase() == State::PHASE_OPEN)
          return stage_.say(stand, typed(command_word(stage_.content().form, pb::COMMAND_PAUSE)));
        const auto all = ways_.every(stand);
        if (all.empty()) break;
        for (const auto& line : all[random() % all.size()]) stand = stage_.say(stand, line);
      }
    }
    return {};
  }

  // "I have a code": what is asked there, for a right one and a wrong one.
  void find_the_row() {
    const auto& content = stage_.content();
    if (content.returning.code == kNoIndex) return;
    const std::string& asked = content.nodes[content.returning.code].source->id();
    std::vector<Stand> open = {stage_.say({}, typed("hola"))};
    std::set<std::string> been;
    while (!open.empty() && been.size() < kMostPlaces) {
      const Stand stand = std::move(open.back());
      open.pop_back();
      if (stand.prompt && stand.prompt->node == asked) {
        note_shown(stage_, stand, nodes_);
        note_shown(stage_, come(stand, Shelf::kNoReceipt), nodes_);
        return explore(come(stand, Shelf::kReceipt));
      }
      const bool early = stand.state.phase() == State::PHASE_BEFORE_CONSENT;
      if (!early || stand.over() || !been.insert(name_of(stand)).second) continue;
      for (const auto& choice : stand.prompt->choices)
        open.push_back(stage_.say(stand, "tap-raw " + choice.id));
    }
  }

  const Stage& stage_;
  const Ways& ways_;
  std::vector<std::string> orders_;
  std::string shelf_;
  std::vector<bool> nodes_;
};

}  // namespace

std::vector<bool> walk_return(const Stage& stage, const Ways& ways) {
  if (!stage.content().returning.open()) return std::vector<bool>(stage.content().nodes.size());
  return ReturnWalk(stage, ways).run();
}

}  // namespace resguardo::form
