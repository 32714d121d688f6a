// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "crypto/format/media_layout.h"

namespace resguardo::media {

struct ScheduleLimits {
  std::chrono::milliseconds first_wait{2'000};
  std::chrono::milliseconds longest_wait{10 * 60'000};
  std::chrono::milliseconds stop{5 * 60'000};  // a messenger that an operator must mend
  // Meta throttles who fails about 20 times an hour (gateways.md §3.10).
  unsigned failures_an_hour = 15;
  std::chrono::milliseconds pause{30 * 60'000};  // after so many
};

// Which waiting file is fetched next, and when: growing waits with jitter for one file, pauses for
// a messenger. Pure: `now` comes in. Not thread-safe.
class Schedule {
 public:
  // `few_failures`: for each messenger, whether it throttles who fails.
  Schedule(const ScheduleLimits& limits, std::vector<bool> few_failures, RandomSource& jitter);

  // False: it is there already.
  bool add(const MediaId& id, std::size_t messenger, TimePoint now);
  // One that is due and that nobody has taken.
  std::optional<MediaId> take(std::size_t messenger, TimePoint now);
  void remove(const MediaId& id);

  // What was taken is tried again: after a growing wait; `answered`: its messenger said no.
  void again(const MediaId& id, bool answered, TimePoint now);
  // How often its messenger has said that it does not have this file.
  unsigned gone(const MediaId& id);
  // Nothing of this messenger is taken for so long.
  void pause(std::size_t messenger, std::chrono::milliseconds wait, TimePoint now);
  void stop(std::size_t messenger, TimePoint now) { pause(messenger, limits_.stop, now); }

  // When the next one is due; nothing: none waits. May be in the past.
  std::optional<TimePoint> next_due(std::size_t messenger) const;
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::size_t messenger = 0;
    TimePoint due;
    unsigned tries = 0;
    unsigned gone = 0;
    bool taken = false;
  };
  struct Line {
    bool few_failures = false;
    TimePoint paused_until;
    std::deque<TimePoint> failures;  // of the last hour
    std::set<std::pair<TimePoint, MediaId>> due;
  };
  void fail(Line& line, TimePoint now) const;

  ScheduleLimits limits_;
  RandomSource& jitter_;
  std::map<MediaId, Entry> entries_;
  std::vector<Line> lines_;
};

}  // namespace resguardo::media
