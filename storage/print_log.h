// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "storage/open_slots.h"
#include "storage/page_memory.h"
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

// Sorted prints that stay as they are, whole: those of the same first bits lie together, and of
// each only the bytes are kept that do not follow from where it lies. 6 to 7 bytes each if there
// are many.
class SortedPrints {
 public:
  SortedPrints() = default;
  // So many, which `next` gives in order.
  template <class Next>
  SortedPrints(std::size_t size, Next next) : SortedPrints(size) {
    std::size_t shelf = 0;
    for (; size_ < size; ++size_) {
      const Print print = next();
      for (const std::size_t its = shelf_of(print); shelf < its;) end(shelf++);
      keep(print);
    }
    while (shelf + 1 < ends_.size()) end(shelf++);
  }

  bool contains(Print print) const;
  std::size_t size() const { return size_; }
  // Goes through them in order.
  class Walk {
   public:
    explicit Walk(const SortedPrints& prints) : prints_(prints) {}
    bool at_end() const { return at_ == prints_.size_; }
    Print take();

   private:
    const SortedPrints& prints_;
    std::size_t shelf_ = 0;
    std::size_t at_ = 0;
  };

 private:
  explicit SortedPrints(std::size_t room);
  void keep(Print print);
  void end(std::size_t shelf) { ends_[shelf + 1] = static_cast<std::uint32_t>(size_); }
  std::size_t shelf_of(Print print) const { return bits_ == 0 ? 0 : print >> (64 - bits_); }
  Print print_at(std::size_t shelf, std::size_t at) const;

  unsigned bits_ = 0;   // that a shelf has in common
  unsigned bytes_ = 0;  // that are kept
  std::size_t size_ = 0;
  PagedVector<std::uint32_t> ends_;  // of shelves, after a first 0
  PagedVector<std::uint8_t> kept_;
};

// A set of prints that only grows: sorted, and a small rest that is not yet. Not thread-safe.
class PrintLog {
 public:
  bool contains(Print print) const { return fresh_.contains(print) || sorted_.contains(print); }
  void insert(Print print);
  // The same where very many come one after another: sorted more seldom, and so with more memory
  // meanwhile, until settle().
  void insert_one_of_many(Print print);
  void settle();
  std::size_t size() const { return sorted_.size() + fresh_.size(); }
  template <class Visit>
  void each(Visit visit) const {
    for (SortedPrints::Walk walk(sorted_); !walk.at_end();) visit(walk.take());
    fresh_.each(visit);
  }

 private:
  void sort_all();

  SortedPrints sorted_;
  PrintSet fresh_;
};

}  // namespace resguardo::storage
