// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/media/schedule.h"

#include <algorithm>

namespace resguardo::media {

using std::chrono::milliseconds;

Schedule::Schedule(const ScheduleLimits& limits, std::vector<bool> few_failures,
                   RandomSource& jitter)
    : limits_(limits), jitter_(jitter), lines_(few_failures.size()) {
  for (std::size_t i = 0; i < lines_.size(); ++i) lines_[i].few_failures = few_failures[i];
}

bool Schedule::add(const MediaId& id, std::size_t messenger, TimePoint now) {
  if (!entries_.try_emplace(id, Entry{messenger, now}).second) return false;
  lines_.at(messenger).due.emplace(now, id);
  return true;
}

std::optional<MediaId> Schedule::take(std::size_t messenger, TimePoint now) {
  Line& line = lines_.at(messenger);
  if (line.paused_until > now || line.due.empty() || line.due.begin()->first > now)
    return std::nullopt;
  const MediaId id = line.due.begin()->second;
  line.due.erase(line.due.begin());
  entries_.at(id).taken = true;
  return id;
}

void Schedule::remove(const MediaId& id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  lines_.at(found->second.messenger).due.erase({found->second.due, id});
  entries_.erase(found);
}

// Between half of a wait and the whole of it, so that many do not come back together.
void Schedule::again(const MediaId& id, bool answered, TimePoint now) {
  Entry& entry = entries_.at(id);
  Line& line = lines_.at(entry.messenger);
  if (answered) fail(line, now);
  milliseconds wait = limits_.first_wait;
  for (unsigned i = 0; i < entry.tries && wait < limits_.longest_wait; ++i) wait *= 2;
  wait = std::min(wait, limits_.longest_wait);
  ++entry.tries;
  const auto half = static_cast<std::uint32_t>(wait.count() / 2);
  line.due.erase({entry.due, id});
  entry.due = now + wait - milliseconds(jitter_.below(half + 1));
  entry.taken = false;
  line.due.emplace(entry.due, id);
}

unsigned Schedule::gone(const MediaId& id) {
  return ++entries_.at(id).gone;
}

void Schedule::pause(std::size_t messenger, milliseconds wait, TimePoint now) {
  Line& line = lines_.at(messenger);
  line.paused_until = std::max(line.paused_until, now + wait);
}

void Schedule::fail(Line& line, TimePoint now) const {
  if (!line.few_failures) return;
  std::erase_if(line.failures, [&](TimePoint when) { return when <= now - std::chrono::hours(1); });
  line.failures.push_back(now);
  if (line.failures.size() < limits_.failures_an_hour) return;
  line.failures.clear();
  line.paused_until = std::max(line.paused_until, now + limits_.pause);
}

std::optional<TimePoint> Schedule::next_due(std::size_t messenger) const {
  const Line& line = lines_.at(messenger);
  if (line.due.empty()) return std::nullopt;
  return std::max(line.due.begin()->first, line.paused_until);
}

}  // namespace resguardo::media
