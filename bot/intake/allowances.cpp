// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/allowances.h"

#include <algorithm>

#include "crypto/session/receipt.h"

namespace resguardo::intake {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using Moment = std::chrono::sys_time<microseconds>;

// Threads do not come in the order of their clocks, so a little more than the most is the most.
constexpr microseconds kDisorder = minutes(1);

// What is still to be made up for, of at most `most`: much more is of a clock that went back.
microseconds owed(Moment made_up, microseconds most, Moment now) {
  const microseconds left = made_up - now;
  return left < microseconds(0) || left > most + kDisorder ? microseconds(0) : left;
}

}  // namespace

microseconds Allowances::every() const {
  return microseconds(minutes(1)) / limits_.per_minute;
}

bool Allowances::take(const outbox::Person& person, unsigned cost, TimePoint now) {
  if (limits_.per_minute == 0 || cost == 0) return true;
  const std::lock_guard lock(mutex_);
  if (made_up_.size() >= kSenders && !made_up_.contains(person)) make_room(now);
  const microseconds most = minutes(kBurst);
  Moment& made_up = made_up_[person];
  const microseconds after = owed(made_up, most, now) + cost * every();
  if (after > most) return false;
  made_up = now + after;
  return true;
}

void Allowances::give_back(const outbox::Person& person, unsigned cost) {
  if (limits_.per_minute == 0) return;
  const std::lock_guard lock(mutex_);
  const auto found = made_up_.find(person);
  if (found != made_up_.end()) found->second -= cost * every();
}

std::optional<milliseconds> Allowances::let_in(const outbox::Person& person, const Asked& asked,
                                               TimePoint now) {
  const std::lock_guard lock(mutex_);
  const auto found = made_up_.find(person);
  if (found != made_up_.end() &&
      owed(found->second, minutes(kBurst), now) > microseconds(minutes(kStrangersBurst)))
    return std::nullopt;
  const auto which = static_cast<std::size_t>(asked.channel);
  const Strangers& all = limits_.strangers.at(which);
  if (all.every == microseconds(0)) return milliseconds(0);
  Moment& made_up = strangers_made_up_.at(which);
  const microseconds most = microseconds(kTogether) + all.patience;
  const unsigned first = asked.is_first ? kFirstContact : 0;
  // Over it at most once by what is dear, which owed() must not take for a clock that went back.
  const microseconds before = owed(made_up, most, now);
  if (before + (kTurn + first) * all.every > most) return std::nullopt;
  const microseconds after = before + (asked.cost + first) * all.every;
  made_up = now + after;
  return std::chrono::ceil<milliseconds>(
      std::max(microseconds(0), after - microseconds(kTogether)));
}

unsigned cost_of(const gateway::InboundEvent& event) {
  const auto& content = event.content();
  if (std::holds_alternative<gateway::IdentityChange>(content) ||
      std::holds_alternative<gateway::TimerChange>(content))
    return 0;
  if (std::holds_alternative<gateway::Media>(content)) return Allowances::kFile;
  const auto* text = std::get_if<gateway::Text>(&content);
  const bool tries = text != nullptr && receipt_check_digit_fits(text->text.reveal());
  return tries ? Allowances::kReceipt : Allowances::kTurn;
}

std::size_t Allowances::senders() const {
  const std::lock_guard lock(mutex_);
  return made_up_.size();
}

// Those go first that have least to make up for.
void Allowances::make_room(Moment now) {
  for (microseconds least(0); made_up_.size() >= kSenders; least = 2 * least + every())
    std::erase_if(made_up_, [&](const auto& entry) {
      return owed(entry.second, minutes(kBurst), now) <= least;
    });
}

}  // namespace resguardo::intake
