// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/code_tries.h"

#include <algorithm>

namespace resguardo::intake {
namespace {

using std::chrono::milliseconds;

// Nobody has more to make up for than `most`: the rest is of a clock that went back.
bool made_up_for(TimePoint made_up, milliseconds every, int most, TimePoint now) {
  return made_up <= now || made_up > now + most * every;
}

// Tries that are not made up for yet, of `most` at one each `every`; the newest counts whole.
int used(TimePoint made_up, milliseconds every, int most, TimePoint now) {
  if (made_up_for(made_up, every, most, now)) return 0;
  const auto missing = made_up - now;
  const auto tries = (missing + every - milliseconds(1)) / every;
  return static_cast<int>(std::min<long long>(tries, most));
}

TimePoint one_more(TimePoint made_up, milliseconds every, int most, TimePoint now) {
  const TimePoint from = made_up_for(made_up, every, most, now) ? now : made_up;
  return std::min(from + every, now + most * every);
}

}  // namespace

std::shared_ptr<CodeTries> CodeTries::of_receipts() {
  auto tries = std::make_shared<CodeTries>(Others::kIgnored);
  tries->own_every_ = kReceiptEvery;
  return tries;
}

bool CodeTries::allows(const outbox::Person& sender, TimePoint now) const {
  const std::lock_guard lock(mutex_);
  const auto found = own_.find(sender);
  const int own = found == own_.end() ? 0 : used(found->second, own_every_, kOwn, now);
  if (own < kFree) return true;
  if (others_ == Others::kIgnored) return own < kOwn;
  return own < kOwn && used(all_, kAllEvery, kAll, now) < kAll;
}

void CodeTries::was_wrong(const outbox::Person& sender, TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (own_.size() >= kSenders && !own_.contains(sender)) make_room(now);
  auto& own = own_[sender];
  own = one_more(own, own_every_, kOwn, now);
  all_ = one_more(all_, kAllEvery, kAll, now);
}

std::size_t CodeTries::senders() const {
  const std::lock_guard lock(mutex_);
  return own_.size();
}

void CodeTries::make_room(TimePoint now) {
  std::erase_if(
      own_, [&](const auto& entry) { return made_up_for(entry.second, own_every_, kOwn, now); });
  if (own_.size() < kSenders) return;
  const auto nearest = std::min_element(
      own_.begin(), own_.end(),
      [](const auto& one, const auto& other) { return one.second < other.second; });
  own_.erase(nearest);
}

}  // namespace resguardo::intake
