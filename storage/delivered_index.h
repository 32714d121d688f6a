// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "crypto/base/clock.h"
#include "storage/print_log.h"

namespace resguardo::storage {

// Prints of delivered messages' tags by day, so that a day is forgotten at once. Holds no secret:
// tags are keyed hashes. Not thread-safe.
class DeliveredIndex {
 public:
  bool contains(Print print) const;
  void insert(Print print, Day day) { days_[day].insert(print); }
  // For a start, which tells very many: settle() is to follow.
  void insert_one_of_many(Print print, Day day) { days_[day].insert_one_of_many(print); }
  void settle();
  void forget_before(Day day) { days_.erase(days_.begin(), days_.lower_bound(day)); }
  std::optional<Day> oldest() const;  // the first day that it has
  std::size_t size() const;
  std::vector<std::pair<Print, Day>> all() const;  // by print

 private:
  std::map<Day, PrintLog> days_;
};

}  // namespace resguardo::storage
