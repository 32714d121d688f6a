// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/sent_messages.h"

#include <algorithm>

namespace resguardo::intake {
namespace {

// Signal lets a message be taken back for a day; nobody is asked more than this in one.
constexpr std::size_t kMost = 256;
constexpr std::size_t kLongestId = 64;

}  // namespace

bool SentMessages::note(std::uint64_t turn, bool receipt, const SecretText& our_id) {
  if (our_id.empty() || our_id.size() > kLongestId) return false;
  const std::lock_guard lock(mutex_);
  if (turn < all_gone_ || (!receipt && turn < questions_gone_)) return true;
  if (messages_.size() == kMost) messages_.erase(messages_.begin());
  messages_.push_back({std::string(our_id.reveal()), receipt});
  return false;
}

std::vector<SecretText> SentMessages::take_back(dialogue::TakeBack which, std::uint64_t turn) {
  std::vector<SecretText> gone;
  if (which == dialogue::TakeBack::kNothing) return gone;
  const bool all = which == dialogue::TakeBack::kEverything;
  const std::lock_guard lock(mutex_);
  questions_gone_ = turn;
  if (all) all_gone_ = turn;
  std::erase_if(messages_, [&](const Message& message) {
    if (message.receipt && !all) return false;
    gone.emplace_back(message.id);
    return true;
  });
  return gone;
}

void SentMessages::save(pb::ConversationState& state) const {
  const std::lock_guard lock(mutex_);
  state.clear_sent();
  state.clear_sent_receipt();
  for (const Message& message : messages_) {
    if (message.receipt) {
      state.set_sent_receipt(message.id);
    } else {
      state.add_sent(message.id);
    }
  }
}

void SentMessages::load(const pb::ConversationState& state) {
  const std::lock_guard lock(mutex_);
  if (!messages_.empty()) return;  // of this process: they know better
  for (const std::string& id : state.sent()) messages_.push_back({id, false});
  if (!state.sent_receipt().empty()) messages_.push_back({state.sent_receipt(), true});
}

void SentMessages::forget() {
  const std::lock_guard lock(mutex_);
  messages_.clear();
}

}  // namespace resguardo::intake
