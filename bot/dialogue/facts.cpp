// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/facts.h"

#include <algorithm>

namespace resguardo::dialogue {
namespace {

std::string_view name_of(ChannelKind channel) {
  switch (channel) {
    case ChannelKind::kWhatsApp:
      return "whatsapp";
    case ChannelKind::kSignal:
      return "signal";
    case ChannelKind::kPlain:
      break;
  }
  return "plain";
}

}  // namespace

Facts::Facts(const Form::Content& form, pb::ConversationState& state, ChannelKind channel)
    : form_(form), state_(state), channel_(name_of(channel)) {
  index();
}

void Facts::index() {
  position_.assign(form_.nodes.size(), -1);
  order_.clear();
  for (int i = 0; i < state_.facts_size(); ++i) {
    const std::size_t node = form_.find(state_.facts(i).node());
    if (node == kNoIndex || position_[node] >= 0) continue;
    position_[node] = i;
    order_.push_back(node);
  }
}

const pb::Fact* Facts::find(std::size_t node) const {
  return node < position_.size() && position_[node] >= 0 ? &state_.facts(position_[node]) : nullptr;
}
pb::Fact* Facts::find(std::size_t node) {
  return node < position_.size() && position_[node] >= 0 ? state_.mutable_facts(position_[node])
                                                         : nullptr;
}
pb::Fact& Facts::at(std::size_t node) {
  if (pb::Fact* fact = find(node); fact != nullptr) return *fact;
  position_[node] = state_.facts_size();
  order_.push_back(node);
  pb::Fact* fact = state_.add_facts();
  fact->set_node(form_.nodes[node].source->id());
  return *fact;
}
void Facts::forget(std::size_t node) {
  if (find(node) == nullptr) return;
  state_.mutable_facts()->DeleteSubrange(position_[node], 1);
  index();
}
bool Facts::settled(std::size_t node) const {
  const pb::Fact* fact = find(node);
  if (fact == nullptr || fact->reopened()) return false;
  return !(fact->faded() && form_.nodes[node].read_by_expression);
}

bool Facts::answered(std::size_t variable) const {
  if (variable < kKnownCount) return true;
  const pb::Fact* fact = find(variable - kKnownCount);
  if (fact == nullptr || fact->skipped() || fact->shown()) return false;
  return fact->codes_size() > 0 || fact->parts() > 0 || fact->faded();
}
bool Facts::has(std::size_t variable, std::string_view code) const {
  if (variable == static_cast<std::size_t>(Known::kChannel)) return code == channel_;
  if (variable == static_cast<std::size_t>(Known::kStored)) {
    const auto phase = state_.phase();
    const bool stored = phase == pb::ConversationState::PHASE_OPEN ||
                        phase == pb::ConversationState::PHASE_PAUSED ||
                        phase == pb::ConversationState::PHASE_CLOSED;
    return code == (stored ? "yes" : "no");
  }
  const pb::Fact* fact = find(variable - kKnownCount);
  if (fact == nullptr) return false;
  return std::find(fact->codes().begin(), fact->codes().end(), code) != fact->codes().end();
}
std::size_t Facts::count(std::size_t variable) const {
  if (variable < kKnownCount) return 1;
  const std::size_t node = variable - kKnownCount;
  const pb::Fact* fact = find(node);
  if (fact == nullptr) return 0;
  const auto counted = std::count_if(fact->codes().begin(), fact->codes().end(), [&](auto& code) {
    const auto* choice = form_.nodes[node].find(code);
    return choice == nullptr || !choice->source->exclusive();
  });
  return static_cast<std::size_t>(counted);
}

}  // namespace resguardo::dialogue
