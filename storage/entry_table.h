// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "storage/open_slots.h"
#include "storage/print.h"

namespace resguardo::storage {

// Entries by `id`, a FixedBytes that is random already. An entry keeps its number for as long as it
// is in here; four bytes beside each entry find it. Not thread-safe.
template <class Entry>
class EntryTable {
 public:
  using Id = decltype(Entry::id);
  using Number = std::uint32_t;
  static constexpr Number kNone = std::numeric_limits<Number>::max();

  std::size_t size() const { return slots_.size(); }
  Number find(const Id& id) const {
    const Number slot =
        slots_.find(print_of(id), [&](Number one) { return entries_[one - 1].id == id; });
    return slot == 0 ? kNone : slot - 1;
  }
  Entry& operator[](Number number) { return entries_[number]; }
  const Entry& operator[](Number number) const { return entries_[number]; }

  // The number of this id's entry, a new one if there is none.
  Number add(const Id& id) {
    if (const Number known = find(id); known != kNone) return known;
    const Number number = take_number();
    entries_[number] = Entry{};
    entries_[number].id = id;
    slots_.insert(number + 1, hash_of());
    return number;
  }
  void erase(Number number) {
    slots_.erase(number + 1, hash_of());
    free_.push_back(number);
  }
  template <class Visit>
  void each(Visit visit) const {
    slots_.each([&](Number slot) { visit(entries_[slot - 1]); });
  }

 private:
  auto hash_of() const {
    return [this](Number slot) { return print_of(entries_[slot - 1].id); };
  }
  Number take_number() {
    if (free_.empty()) {
      entries_.emplace_back();
      return static_cast<Number>(entries_.size() - 1);
    }
    const Number number = free_.back();
    free_.pop_back();
    return number;
  }

  PagedVector<Entry> entries_;
  std::vector<Number> free_;
  OpenSlots<Number> slots_;  // numbers, and one more
};

}  // namespace resguardo::storage
