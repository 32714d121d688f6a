// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "crypto/base/clock.h"
#include "storage/open_slots.h"
#include "storage/print.h"

namespace resguardo::storage {

// A set of prints: 8 bytes each, at most five in six slots taken. Not thread-safe.
class PrintSet {
 public:
  bool contains(Print print) const {
    return slots_.find(print, [&](Print slot) { return slot == print; }) != 0;
  }
  void insert(Print print) {
    if (!contains(print)) slots_.insert(print, itself);
  }
  void erase(Print print) {
    if (contains(print)) slots_.erase(print, itself);
  }
  std::size_t size() const { return slots_.size(); }
  template <class Visit>
  void each(Visit visit) const {
    slots_.each(visit);
  }

 private:
  static std::uint64_t itself(Print print) { return print; }
  OpenSlots<Print> slots_;
};

// Prints of delivered messages' tags by day, so that a day is forgotten at once. Holds no secret:
// tags are keyed hashes. Not thread-safe.
class DeliveredIndex {
 public:
  bool contains(Print print) const;
  void insert(Print print, Day day) { days_[day].insert(print); }
  void forget_before(Day day) { days_.erase(days_.begin(), days_.lower_bound(day)); }
  std::optional<Day> oldest() const;  // the first day that it has
  std::size_t size() const;
  std::vector<std::pair<Print, Day>> all() const;  // by print

 private:
  std::map<Day, PrintSet> days_;
};

}  // namespace resguardo::storage
