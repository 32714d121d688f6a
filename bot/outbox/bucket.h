// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>

#include "crypto/base/clock.h"

namespace resguardo::outbox {

// A token bucket: `burst` at once, then one each `interval`. No interval: no limit. A clock that
// goes back gives nothing and takes nothing. Not thread-safe.
class Bucket {
 public:
  using Interval = std::chrono::duration<double, std::milli>;
  Bucket(Interval interval, unsigned burst)
      : interval_(interval), burst_(std::max(1.0, static_cast<double>(burst))), tokens_(burst_) {}

  // When the next one may go: not later than `now`, if one may go now.
  TimePoint next(TimePoint now) const {
    const double tokens = tokens_at(now);
    if (tokens >= 1) return now;
    return now + std::chrono::ceil<std::chrono::milliseconds>(interval_ * (1 - tokens));
  }
  void take(TimePoint now) {
    tokens_ = tokens_at(now) - (interval_.count() > 0 ? 1 : 0);
    at_ = std::max(at_, now);
  }
  // Nothing is known of it that a new one would not know.
  bool full(TimePoint now) const { return tokens_at(now) >= burst_; }

 private:
  double tokens_at(TimePoint now) const {
    if (interval_.count() <= 0 || now <= at_) return tokens_;
    return std::min(burst_, tokens_ + Interval(now - at_) / interval_);
  }

  Interval interval_;
  double burst_;
  double tokens_;
  TimePoint at_{};
};

}  // namespace resguardo::outbox
