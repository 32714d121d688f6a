// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bot/media/caller.h"
#include "bot/media/messenger.h"
#include "bot/media/sweep.h"

namespace resguardo::media {

// A copy of a file that a messenger's program keeps in the clear, and that is to be deleted.
struct Copy {
  std::string reference;
  unsigned tries = 0;
  TimePoint due{};
};

// Which copies of one messenger are to be deleted: those named, and those that nobody waits for.
// Bounded; what is forgotten is found again by the sweep. Not thread-safe.
class Copies {
 public:
  Copies();
  void add(std::string reference);
  std::optional<Copy> take(TimePoint now);
  // Is tried again after 5 seconds, and with growing waits for about ten minutes.
  void failed(Copy copy, TimePoint now);
  // What there is, and what somebody waits for.
  void sweep(const std::vector<std::string>& there, const std::set<std::string>& wanted,
             TimePoint now);
  void forget_ages() { sweep_.forget(); }
  // When the next one is; nothing: none waits.
  std::optional<TimePoint> next_due() const;

 private:
  std::deque<Copy> waiting_;
  Sweep sweep_;
};

// Whether it is gone, or nobody can say how to delete it. Waits for the network.
bool delete_copy(const Messenger& messenger, const std::string& reference, Caller& caller);
// All copies that there are; nothing: nobody tells.
std::optional<std::vector<std::string>> list_copies(const Messenger& messenger, Caller& caller);

}  // namespace resguardo::media
