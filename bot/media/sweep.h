// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "crypto/base/clock.h"

namespace resguardo::media {

// Which copies that a messenger's program still has are to be deleted: those that no waiting file
// names, and that were there already `age` before. What is younger may belong to a message that is
// on its way to us. Ages are this process's own: it has seen each copy itself. Pure.
class Sweep {
 public:
  explicit Sweep(std::chrono::milliseconds age) : age_(age) {}
  std::vector<std::string> look(const std::vector<std::string>& there,
                                const std::set<std::string>& wanted, TimePoint now);
  // Messages may have had to wait: every copy is young again.
  void forget() { first_seen_.clear(); }

 private:
  std::chrono::milliseconds age_;
  std::map<std::string, TimePoint> first_seen_;
};

}  // namespace resguardo::media
