// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/media/sweep.h"

#include <utility>

namespace resguardo::media {

std::vector<std::string> Sweep::look(const std::vector<std::string>& there,
                                     const std::set<std::string>& wanted, TimePoint now) {
  std::map<std::string, TimePoint> seen;
  std::vector<std::string> old;
  for (const std::string& name : there) {
    if (wanted.contains(name)) continue;
    const auto before = first_seen_.find(name);
    const TimePoint since = before == first_seen_.end() ? now : before->second;
    seen.emplace(name, since);
    if (now - since >= age_) old.push_back(name);
  }
  first_seen_ = std::move(seen);
  return old;
}

}  // namespace resguardo::media
