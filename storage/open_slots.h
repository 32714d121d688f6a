// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "storage/page_memory.h"

namespace resguardo::storage {

// Open addressing over one unsigned integer a slot, 0 for a free one. What a slot means and how it
// hashes is its user's: `hash_of(slot)`, the same for as long as the slot is in here. At most 5/6
// full; it grows by half, and a large one by an eighth. Not thread-safe.
template <std::unsigned_integral Slot>
class OpenSlots {
 public:
  std::size_t size() const { return size_; }

  // The slot that `is` says is meant, of those with this hash; 0: there is none.
  template <class Is>
  Slot find(std::uint64_t hash, Is is) const {
    if (size_ == 0) return 0;
    for (std::size_t at = home(hash); slots_[at] != 0; at = after(at))
      if (is(slots_[at])) return slots_[at];
    return 0;
  }

  // One that is not in here yet.
  template <class HashOf>
  void insert(Slot slot, HashOf hash_of) {
    if ((size_ + 1) * 6 > slots_.size() * 5) resize(grown(), hash_of);
    place(slot, hash_of);
    ++size_;
  }

  // One that is in here.
  template <class HashOf>
  void erase(Slot slot, HashOf hash_of) {
    std::size_t gap = home(hash_of(slot));
    while (slots_[gap] != slot) gap = after(gap);
    // Whoever lies behind the gap and might be looked for from before it moves into it.
    for (std::size_t at = after(gap); slots_[at] != 0; at = after(at)) {
      const std::size_t from = home(hash_of(slots_[at]));
      const bool behind = gap <= at ? gap < from && from <= at : gap < from || from <= at;
      if (behind) continue;
      slots_[gap] = slots_[at];
      gap = at;
    }
    slots_[gap] = 0;
    --size_;
    if (slots_.size() > kSmallest && size_ * 3 < slots_.size())
      resize(std::max(kSmallest, slots_.size() / 2), hash_of);
  }

  template <class Visit>
  void each(Visit visit) const {
    for (const Slot slot : slots_)
      if (slot != 0) visit(slot);
  }

 private:
  static constexpr std::size_t kSmallest = 16;
  static constexpr std::size_t kLarge = 16384;

  std::size_t grown() const {
    const std::size_t share = slots_.size() < kLarge ? 2 : 8;
    return std::max(kSmallest, slots_.size() + slots_.size() / share);
  }

  std::size_t home(std::uint64_t hash) const {
    __extension__ using Wide = unsigned __int128;
    const std::uint64_t spread = hash * 0x9e3779b97f4a7c15U;
    return static_cast<std::size_t>(Wide{spread} * slots_.size() >> 64);
  }
  std::size_t after(std::size_t at) const { return at + 1 == slots_.size() ? 0 : at + 1; }
  template <class HashOf>
  void place(Slot slot, HashOf& hash_of) {
    std::size_t at = home(hash_of(slot));
    while (slots_[at] != 0) at = after(at);
    slots_[at] = slot;
  }
  template <class HashOf>
  void resize(std::size_t slots, HashOf& hash_of) {
    const auto old = std::exchange(slots_, PagedVector<Slot>(slots));
    for (const Slot slot : old)
      if (slot != 0) place(slot, hash_of);
  }

  PagedVector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace resguardo::storage
