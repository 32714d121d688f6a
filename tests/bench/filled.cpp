// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bench/filled.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace resguardo::bench {
namespace {

constexpr std::size_t kMostSaid = 4;  // after consent

}  // namespace

const Conversation& told_by(const Recording& recording, std::uint64_t person) {
  const auto& told = recording.of(gateway::Channel::kWhatsApp);
  return told[person % told.size()];
}

std::size_t last_move_of(const Conversation& told, std::uint64_t person) {
  return std::min(told.begin + person % (kMostSaid + 1), told.moves.size() - 2);
}

Recording wake_all(const dialogue::Form& form, const Recording& recording, TimePoint now) {
  const std::size_t told = recording.of(gateway::Channel::kWhatsApp).size();
  std::vector<Conversation> woken;
  for (std::uint64_t person = 0; person < std::lcm(told, kMostSaid + 1); ++person) {
    const Conversation& before = told_by(recording, person);
    auto state = before.moves[last_move_of(before, person)].step->state;
    state.mutable_progress()->set_report_id(std::string(16, 'r'));  // it has one, whichever
    woken.push_back(answer_once(form, dialogue::durable_part(form, state), "hola", now));
  }
  return Recording(std::move(woken));
}

RecordingOptions recording_options(const Arguments& arguments, bool keep_steps) {
  RecordingOptions options;
  options.conversations = static_cast<std::size_t>(arguments.number("conversations", 400));
  options.seed = static_cast<std::uint32_t>(arguments.number("seed", 1));
  options.keep_steps = keep_steps;
  options.now = SystemClock().now();
  return options;
}

}  // namespace resguardo::bench
