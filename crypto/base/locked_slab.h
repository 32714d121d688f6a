// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "crypto/base/result.h"

namespace resguardo {

// Many small secrets of one size (stream states) in one locked mapping: mlock'd, left out of core
// dumps, zero in a forked child. sodium_malloc costs four maps an object and ends at 16,000. The
// limit on locked memory is asked for all cells at once; a page takes memory when a cell of it is
// used.
//
// Thread-safe. A cell is wiped when its handle goes; it must go before the slab.
class LockedSlab {
 public:
  // A handle to one cell, of the size of a pointer; moves only. An empty handle has no bytes.
  class Cell {
   public:
    Cell() = default;
    Cell(Cell&& other) noexcept;
    Cell& operator=(Cell&& other) noexcept;
    Cell(const Cell&) = delete;
    Cell& operator=(const Cell&) = delete;
    ~Cell();
    explicit operator bool() const noexcept { return memory_ != nullptr; }
    std::span<std::uint8_t> bytes() const noexcept;
    // A further cell of the same slab, for the length of one call: a few are kept for that, also
    // when all others are taken. Of an empty handle: kUnavailable.
    Result<Cell> beside() const;

   private:
    friend class LockedSlab;
    explicit Cell(std::uint8_t* memory) : memory_(memory) {}
    LockedSlab& slab() const noexcept;
    std::uint8_t* memory_ = nullptr;
  };

  // Cells are smaller than a page. kUnavailable: no memory, or it cannot be locked (RLIMIT_MEMLOCK;
  // the unit sets LimitMEMLOCK). kTried: what cannot be locked is given all the same; both are
  // counted (locked_totals()).
  enum class Locking : std::uint8_t { kRequired, kTried };
  static Result<std::unique_ptr<LockedSlab>> create(std::size_t cell_size, std::size_t cells,
                                                    Locking locking = Locking::kRequired);
  // What that locks.
  static std::size_t size_of(std::size_t cell_size, std::size_t cells);
  LockedSlab(const LockedSlab&) = delete;
  LockedSlab& operator=(const LockedSlab&) = delete;
  ~LockedSlab();

  Result<Cell> acquire();  // zeros; kUnavailable when all are taken
  std::size_t in_use() const noexcept;
  std::size_t capacity() const noexcept;
  std::size_t cell_size() const noexcept;

 private:
  struct State;
  explicit LockedSlab(std::unique_ptr<State> state);
  Result<Cell> take(std::size_t limit);
  void release(std::uint8_t* memory) noexcept;
  std::unique_ptr<State> state_;
};

}  // namespace resguardo
