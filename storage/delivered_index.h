// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "crypto/base/clock.h"
#include "storage/store.h"

namespace resguardo::storage {

// A set of values that are random already: open addressing, 16 bytes an entry, at most three
// quarters full.
class TagSet {
 public:
  bool contains(const DedupeTag& tag) const;
  void insert(const DedupeTag& tag);
  std::size_t size() const { return size_ + (has_zero_ ? 1 : 0); }
  template <class Visit>
  void each(Visit&& visit) const {
    if (has_zero_) visit(DedupeTag{});
    for (const DedupeTag& tag : slots_)
      if (tag != DedupeTag{}) visit(tag);
  }

 private:
  std::size_t slot_of(const DedupeTag& tag) const;
  void grow();
  std::vector<DedupeTag> slots_;  // zeros: free
  std::size_t size_ = 0;
  bool has_zero_ = false;
};

// Tags of deliveries by day, so that a day is forgotten at once. Holds no secret: tags are keyed
// hashes. Not thread-safe.
class DeliveredIndex {
 public:
  bool contains(const DedupeTag& tag) const;
  void insert(const DedupeTag& tag, Day day);
  void forget_before(Day day);
  std::size_t size() const;
  std::vector<std::pair<DedupeTag, Day>> all() const;  // by tag

 private:
  std::map<Day, TagSet> days_;
};

}  // namespace resguardo::storage
