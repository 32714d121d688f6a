// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/sent_messages.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace resguardo::intake {
namespace {

// Signal lets a message be taken back for a day; nobody is asked more than this in one.
constexpr std::size_t kMost = 256;
constexpr std::size_t kLongestId = 64;

// Signal names a message by a time: such a name is a number of at most this many digits.
constexpr std::size_t kMostDigits = 18;

std::optional<std::uint64_t> number_in(std::string_view id) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), value);
  const bool whole = error == std::errc() && end == id.data() + id.size();
  if (!whole || id.size() > kMostDigits || id.front() == '0') return std::nullopt;
  return value;
}

}  // namespace

bool SentMessages::note(std::uint64_t turn, bool receipt, const SecretText& our_id) {
  if (our_id.empty() || our_id.size() > kLongestId) return false;
  const std::lock_guard lock(mutex_);
  if (turn < all_gone_ || (!receipt && turn < questions_gone_)) return true;
  if (messages_.size() == kMost) {
    messages_.erase(messages_.begin());
    saving_ = stored_ = 0;
  }
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
  saving_ = stored_ = 0;
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
  // One with the receipt among them comes back in another order.
  const bool in_order = std::none_of(messages_.begin(), messages_.end(),
                                     [](const Message& message) { return message.receipt; });
  saving_ = in_order ? messages_.size() : 0;
  for (const Message& message : messages_) {
    if (message.receipt) {
      state.set_sent_receipt(message.id);
    } else {
      state.add_sent(message.id);
    }
  }
}

void SentMessages::saved() {
  const std::lock_guard lock(mutex_);
  stored_ = saving_;
}

void SentMessages::load(const pb::ConversationState& state) {
  const std::lock_guard lock(mutex_);
  const bool comes_first = std::exchange(unread_, 0) > 0;
  if (!comes_first && !messages_.empty()) return;  // of this process: they know better
  std::vector<Message> loaded;
  loaded.reserve(static_cast<std::size_t>(state.sent_size()) + 1 + messages_.size());
  for (const std::string& id : state.sent()) loaded.push_back({id, false});
  stored_ = state.sent_receipt().empty() ? loaded.size() : 0;
  if (!state.sent_receipt().empty()) loaded.push_back({state.sent_receipt(), true});
  std::move(messages_.begin(), messages_.end(), std::back_inserter(loaded));
  messages_ = std::move(loaded);
}

void SentMessages::forget() {
  const std::lock_guard lock(mutex_);
  messages_.clear();
  saving_ = stored_ = unread_ = 0;
}

void SentMessages::write(const Message& message, PackWriter& out) {
  const std::uint64_t receipt = message.receipt ? 1 : 0;
  if (const auto number = number_in(message.id)) return out.number(*number * 4 + receipt);
  out.number(receipt + 2);
  out.text(message.id);
}

SentMessages::Message SentMessages::read(PackReader& in) {
  const std::uint64_t head = in.number();
  const bool receipt = (head & 1) != 0;
  if ((head & 2) != 0) return {in.text(), receipt};
  return {std::to_string(head / 4), receipt};
}

// No name is awaited while nothing is under way, so that of questions_gone_ and all_gone_ nothing
// is needed: the next one is of a later turn.
void SentMessages::pack(PackWriter& memory, PackWriter& stored) const {
  const std::lock_guard lock(mutex_);
  memory.number(stored_ + unread_);
  memory.number(messages_.size() - stored_);
  stored.number(stored_);
  for (std::size_t at = 0; at < messages_.size(); ++at)
    write(messages_[at], at < stored_ ? stored : memory);
}

void SentMessages::skip_stored(PackReader& stored) {
  for (auto left = stored.number(); left > 0; --left) read(stored);
}

void SentMessages::unpack(PackReader& memory, PackReader* stored) {
  const std::lock_guard lock(mutex_);
  unread_ = memory.number();
  const std::uint64_t own = memory.number();
  if (stored != nullptr) {
    stored_ = stored->number();
    unread_ = 0;
    for (std::size_t left = stored_; left > 0; --left) messages_.push_back(read(*stored));
  }
  for (std::uint64_t left = own; left > 0; --left) messages_.push_back(read(memory));
}

}  // namespace resguardo::intake
