// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/conversation.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace resguardo::intake {
namespace {

// Nobody works on it: only the table holds it, and nothing waits in line.
bool idle(const std::shared_ptr<Conversation>& conversation) {
  const std::lock_guard lock(conversation->mutex);
  return !conversation->busy && conversation->line.empty();
}

using std::chrono::hours;

// What somebody is owed outlasts what can be loaded again: as if they had written so much later.
constexpr hours kLongest{24 * 30};

bool owes(const Conversation& conversation) {
  return conversation.wipe_owed || (conversation.receipt && !conversation.receipt->taken());
}

// Who comes back after this begins anew anyway. What they see can still be taken back.
void forget_answers(Conversation& conversation) {
  using State = pb::ConversationState;
  const auto phase = conversation.state.phase();
  const bool answers = phase == State::PHASE_NEW || phase == State::PHASE_BEFORE_CONSENT;
  if (!answers || conversation.tag || conversation.uncertain || conversation.wipe_owed) return;
  const bool discreet = conversation.state.discreet();
  conversation.state.Clear();
  conversation.state.set_discreet(discreet);
}

}  // namespace

void Conversation::start_over() {
  loaded = true;
  awake = true;
  state.Clear();
  tag.reset();
  counter = 0;
  uncertain.reset();
  uncertain_receipt.reset();
  wipe_owed = false;
  sealer.drop();
}

std::optional<Pending> next_in_line(Conversation& conversation) {
  const std::lock_guard lock(conversation.mutex);
  if (conversation.line.empty()) {
    conversation.busy = false;
    return std::nullopt;
  }
  std::optional<Pending> next(std::move(conversation.line.front()));
  conversation.line.pop_front();
  return next;
}

std::shared_ptr<Conversation> ConversationTable::find_or_make(
    const outbox::Person& person, const std::optional<outbox::Person>& also) {
  auto found = table_.find(person);
  if (found == table_.end() && also) {
    const auto other = table_.find(*also);
    if (other != table_.end()) found = table_.emplace(person, other->second).first;
  }
  if (found == table_.end()) {
    if (table_.size() >= limit_) make_room();
    found = table_.emplace(person, std::make_shared<Conversation>(slab_, ids_)).first;
  }
  auto conversation = found->second;
  if (also) table_.emplace(*also, conversation);
  return conversation;
}

std::shared_ptr<Conversation> ConversationTable::enter(const outbox::Person& person,
                                                       const std::optional<outbox::Person>& also,
                                                       Pending pending) {
  const std::lock_guard lock(mutex_);  // held throughout: forget_silent must not come between
  auto conversation = find_or_make(person, also);
  const std::lock_guard inner(conversation->mutex);
  conversation->last = pending.now;
  conversation->line.push_back(std::move(pending));
  if (conversation->busy) return nullptr;
  conversation->busy = true;
  return conversation;
}

// One pass makes room for many: a pass for every newcomer would let a crowd slow everybody down.
void ConversationTable::make_room() {
  std::vector<std::pair<TimePoint, outbox::Person>> silent;
  for (const auto& [person, conversation] : table_)
    if (idle(conversation))
      silent.emplace_back(conversation->last + (owes(*conversation) ? kLongest : hours(0)), person);
  const auto leaving = static_cast<std::ptrdiff_t>(std::min(silent.size(), limit_ / 64 + 1));
  std::nth_element(silent.begin(), silent.begin() + leaving, silent.end());
  for (auto one = silent.begin(); one != silent.begin() + leaving; ++one) table_.erase(one->second);
}

void ConversationTable::forget_silent(const Silence& silence) {
  const std::lock_guard lock(mutex_);  // nobody begins to work on one meanwhile
  std::erase_if(table_, [&](const auto& entry) {
    return idle(entry.second) && entry.second->last < silence.since;
  });
  for (const auto& [person, conversation] : table_) {
    if (idle(conversation) && conversation->last < silence.before_consent_since)
      forget_answers(*conversation);
  }
}

std::size_t ConversationTable::size() const {
  const std::lock_guard lock(mutex_);
  return table_.size();
}

}  // namespace resguardo::intake
