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

// The place is believed where this very form gave it, or the name is the same.
std::size_t node_of(const Form::Content& form, const pb::Fact& fact, bool own) {
  const std::size_t place = fact.place();
  if (place > 0 && place <= form.nodes.size() && (own || form.nodes[place - 1].id == fact.node())) {
    return place - 1;
  }
  return form.find(fact.node());
}

}  // namespace

Facts::Facts(const Form::Content& form, pb::ConversationState& state, ChannelKind channel,
             bool media)
    : form_(form), state_(state), channel_(name_of(channel)), media_(media) {
  index();
}

void Facts::index() {
  first_.assign(form_.nodes.size(), kNone);
  const auto& facts = state_.facts();
  const auto size = static_cast<std::size_t>(facts.size());
  order_.reserve(size + 4);  // a turn adds a few
  places_.reserve(size + 4);
  order_.resize(size);
  places_.resize(size);
  const bool own = equal(as_bytes(state_.form_digest()), form_.digest.view());
  std::size_t count = 0;
  int index = 0;
  for (const pb::Fact& fact : facts) {
    const int at = index++;
    const std::size_t node = node_of(form_, fact, own);
    if (node == kNoIndex) continue;
    const Spot spot = spot_of(form_, node, fact.instance());
    int& first = first_[node];
    if (first != kNone && entry(spot) != kNone) continue;
    places_[count] = {at, first};
    order_[count] = spot;
    first = static_cast<int>(count++);
  }
  order_.resize(count);
  places_.resize(count);
}

int Facts::entry(const Spot& spot) const {
  if (spot.node >= first_.size()) return kNone;
  int at = first_[spot.node];
  while (at != kNone && order_[static_cast<std::size_t>(at)] != spot) {
    at = places_[static_cast<std::size_t>(at)].next;
  }
  return at;
}
void Facts::enter(const Spot& spot, int fact) {
  int& first = first_[spot.node];
  places_.push_back({fact, first});
  first = static_cast<int>(order_.size());
  order_.push_back(spot);
}

const pb::Fact* Facts::find(const Spot& spot) const {
  const int at = entry(spot);
  return at == kNone ? nullptr : &state_.facts(places_[static_cast<std::size_t>(at)].fact);
}
pb::Fact* Facts::find(const Spot& spot) {
  const int at = entry(spot);
  return at == kNone ? nullptr : state_.mutable_facts(places_[static_cast<std::size_t>(at)].fact);
}
pb::Fact& Facts::at(const Spot& spot) {
  if (pb::Fact* fact = find(spot); fact != nullptr) return *fact;
  enter(spot, state_.facts_size());
  pb::Fact* fact = state_.add_facts();
  fact->set_node(form_.nodes[spot.node].source->id());
  fact->set_place(static_cast<std::uint32_t>(spot.node + 1));
  write_path(form_, spot, fact->mutable_instance());
  return *fact;
}
void Facts::forget(const Spot& spot) {
  const int at = entry(spot);
  if (at == kNone) return;
  state_.mutable_facts()->DeleteSubrange(places_[static_cast<std::size_t>(at)].fact, 1);
  index();
}
bool Facts::settled(const Spot& spot) const {
  const pb::Fact* fact = find(spot);
  if (fact == nullptr || fact->reopened()) return false;
  return !(fact->faded() && form_.nodes[spot.node].read_by_expression);
}
bool Facts::answered(const Spot& spot) const {
  const pb::Fact* fact = find(spot);
  if (fact == nullptr || fact->skipped() || fact->shown()) return false;
  return fact->codes_size() > 0 || fact->parts() > 0 || fact->faded();
}

const pb::Fact* Seen::fact(std::size_t variable) const {
  return facts_->find(spot_seen_from(facts_->form(), variable - kKnownCount, from_));
}
bool Seen::answered(std::size_t variable) const {
  if (variable < kKnownCount) return true;
  return facts_->answered(spot_seen_from(facts_->form(), variable - kKnownCount, from_));
}
bool Seen::has(std::size_t variable, std::string_view code) const {
  if (variable == static_cast<std::size_t>(Known::kChannel)) return code == facts_->channel();
  if (variable == static_cast<std::size_t>(Known::kStored)) {
    const auto phase = facts_->state().phase();
    const bool stored = phase == pb::ConversationState::PHASE_OPEN ||
                        phase == pb::ConversationState::PHASE_PAUSED ||
                        phase == pb::ConversationState::PHASE_CLOSED ||
                        facts_->state().returned().has_before();
    return code == (stored ? "yes" : "no");
  }
  if (variable == static_cast<std::size_t>(Known::kMedia))
    return code == (facts_->media() ? "yes" : "no");
  if (variable == static_cast<std::size_t>(Known::kDiscreet))
    return code == (facts_->state().discreet() ? "yes" : "no");
  const pb::Fact* known = fact(variable);
  if (known == nullptr) return false;
  return std::find(known->codes().begin(), known->codes().end(), code) != known->codes().end();
}
std::size_t Seen::count(std::size_t variable) const {
  if (variable < kKnownCount) return 1;
  const pb::Fact* known = fact(variable);
  if (known == nullptr) return 0;
  const CompiledNode& node = facts_->form().nodes[variable - kKnownCount];
  const auto counted = std::count_if(known->codes().begin(), known->codes().end(), [&](auto& code) {
    const auto* choice = node.find(code);
    return choice == nullptr || !choice->source->exclusive();
  });
  return static_cast<std::size_t>(counted);
}

}  // namespace resguardo::dialogue
