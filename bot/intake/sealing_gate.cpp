// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/sealing_gate.h"

#include <algorithm>

namespace resguardo::intake {

ClockState clock_state(Day last_used, TimePoint now) {
  const std::int32_t today = day_of(now).number;
  if (today < last_used.number - kDaysBehind) return ClockState::kBehind;
  if (today > last_used.number + kDaysAhead) return ClockState::kAhead;
  return ClockState::kBelieved;
}

SealingGate::SealingGate(std::optional<VerifiedRoster> roster, const Epoch& epoch,
                         std::chrono::hours idle_timeout)
    : roster_(std::move(roster)), epoch_(epoch), idle_timeout_(idle_timeout) {}

bool SealingGate::past_end(TimePoint now) const {
  return roster_ && roster_->expired(now) &&
         now >= start_of(Day{roster_->expires().number + 1}) + idle_timeout_;
}

Result<Recipients> SealingGate::recipients(TimePoint now) const {
  if (!roster_) return Error{Fault::kUnavailable, "there is no valid roster"};
  if (past_end(now)) return Error{Fault::kUnavailable, "the roster has expired long ago"};
  if (epoch_.closed && epoch_.week <= *epoch_.closed)
    return Error{Fault::kRefused, "that week is closed: nothing is sealed to it any more"};
  return roster_->recipients(epoch_.week);
}

Result<SealingGate::Pass> SealingGate::enter(TimePoint now) {
  const std::lock_guard lock(mutex_);
  RESGUARDO_TRY(auto given, recipients(now));
  auto& known = in_use_[epoch_.week];
  auto week = known.lock();
  if (!week) known = week = std::make_shared<const Week>(epoch_.week);
  return Pass{std::move(given), std::move(week)};
}

Status SealingGate::may_begin(TimePoint now) const {
  const std::lock_guard lock(mutex_);
  switch (clock_state(epoch_.day, now)) {
    case ClockState::kBelieved:
      break;
    case ClockState::kBehind:
      return Error{Fault::kStale, "the clock is behind the last day this server was used"};
    case ClockState::kAhead:
      return Error{Fault::kStale,
                   "the clock is more than 8 days ahead of the last day this server was used"};
  }
  if (roster_ && roster_->expired(now)) return Error{Fault::kStale, "the roster has expired"};
  RESGUARDO_CHECK(recipients(now));
  return success();
}

bool SealingGate::over(TimePoint now) const {
  const std::lock_guard lock(mutex_);
  return past_end(now);
}

ClockState SealingGate::clock(TimePoint now) const {
  const std::lock_guard lock(mutex_);
  return clock_state(epoch_.day, now);
}

std::optional<VerifiedRoster> SealingGate::roster() const {
  const std::lock_guard lock(mutex_);
  return roster_;
}

void SealingGate::replace(VerifiedRoster roster) {
  const std::lock_guard lock(mutex_);
  roster_ = std::move(roster);
}

void SealingGate::set(const Epoch& epoch) {
  const std::lock_guard lock(mutex_);
  epoch_.day = std::max(epoch_.day, epoch.day);
  epoch_.week = std::max(epoch_.week, epoch.week);
  epoch_.closed = std::max(epoch_.closed, epoch.closed);  // nothing is less than any week
}

bool SealingGate::in_use(Week through) {
  const std::lock_guard lock(mutex_);
  std::erase_if(in_use_, [](const auto& entry) { return entry.second.expired(); });
  return !in_use_.empty() && in_use_.begin()->first <= through;
}

}  // namespace resguardo::intake
