// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/base/locked_slab.h"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include "crypto/base/locked_total.h"
#include "crypto/base/secret_bytes.h"

namespace resguardo {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kOwner = sizeof(LockedSlab*);  // which every page begins with

}  // namespace

struct LockedSlab::State {
  std::mutex mutex;
  std::uint8_t* memory = nullptr;
  std::size_t mapped = 0;
  std::size_t cell_size = 0;
  std::vector<std::uint8_t*> free_cells;  // that were used before
  std::size_t fresh = 0;                  // the first cell that never was
  std::size_t capacity = 0;
  bool counted = false;
  bool locked = false;

  // At the beginning of each page is the slab that it belongs to; cells follow.
  std::size_t cells_in_page() const { return (kPage - kOwner) / cell_size; }
  std::size_t mapped_by(std::size_t cells) const {
    return (cells + cells_in_page() - 1) / cells_in_page() * kPage;
  }
  std::uint8_t* next_fresh(LockedSlab* slab) {
    std::uint8_t* page = memory + fresh / cells_in_page() * kPage;
    const std::size_t at = fresh++ % cells_in_page();
    if (at == 0) std::memcpy(page, static_cast<const void*>(&slab), kOwner);
    return page + kOwner + at * cell_size;
  }

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (memory == nullptr) return;
    wipe({memory, mapped_by(fresh)});
    if (counted) uncount_locked(mapped, locked);
    munlock(memory, mapped);
    munmap(memory, mapped);
  }
};

namespace {

constexpr std::size_t kBeside = 64;  // cells that threads have for a moment, at most one each

std::size_t in_eights(std::size_t bytes) {
  return (bytes + 7) / 8 * 8;
}

// Counts against RLIMIT_MEMLOCK as a whole, at once; each page becomes resident, and is locked
// then, when its first cell is used. A kernel before 4.4 has them all at once.
bool lock(void* memory, std::size_t size) {
  if (mlock2(memory, size, MLOCK_ONFAULT) == 0) return true;
  return (errno == ENOSYS || errno == EINVAL) && mlock(memory, size) == 0;
}

}  // namespace

LockedSlab::LockedSlab(std::unique_ptr<State> state) : state_(std::move(state)) {}
LockedSlab::~LockedSlab() = default;

std::size_t LockedSlab::size_of(std::size_t cell_size, std::size_t cells) {
  State state;
  state.cell_size = in_eights(cell_size);
  return state.mapped_by(cells + kBeside);
}

Result<std::unique_ptr<LockedSlab>> LockedSlab::create(std::size_t cell_size, std::size_t cells,
                                                       Locking locking) {
  auto state = std::make_unique<State>();
  const std::size_t all = cells + kBeside;
  state->cell_size = in_eights(cell_size);
  if (state->cell_size > kPage - sizeof(LockedSlab*))
    return Error{Fault::kRefused, "cells of this size do not fit into a page"};
  const std::size_t mapped = state->mapped_by(all);
  void* memory = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return Error{Fault::kUnavailable, "no memory for the stream states"};
  state->memory = static_cast<std::uint8_t*>(memory);
  state->mapped = mapped;
  state->capacity = cells;
  state->locked = lock(memory, mapped);
  if (!state->locked && locking == Locking::kRequired) {
    return Error{Fault::kUnavailable,
                 "the stream states cannot be locked in memory: raise LimitMEMLOCK (ulimit -l)"};
  }
  count_locked(mapped, state->locked);
  state->counted = true;
  madvise(memory, mapped, MADV_DONTDUMP);
  madvise(memory, mapped, MADV_WIPEONFORK);
  state->free_cells.reserve(all);  // room that costs nothing until it is used
  return std::unique_ptr<LockedSlab>(new LockedSlab(std::move(state)));
}

Result<LockedSlab::Cell> LockedSlab::take(std::size_t limit) {
  const std::lock_guard lock(state_->mutex);
  if (state_->fresh - state_->free_cells.size() >= limit)
    return Error{Fault::kUnavailable, "all stream states are in use: raise limits.conversations"};
  if (state_->free_cells.empty()) return Cell(state_->next_fresh(this));
  std::uint8_t* memory = state_->free_cells.back();
  state_->free_cells.pop_back();
  return Cell(memory);
}

Result<LockedSlab::Cell> LockedSlab::acquire() {
  return take(state_->capacity);
}

Result<LockedSlab::Cell> LockedSlab::Cell::beside() const {
  if (memory_ == nullptr) return Error{Fault::kUnavailable, "there is no cell"};
  return slab().take(slab().state_->capacity + kBeside);
}

void LockedSlab::release(std::uint8_t* memory) noexcept {
  wipe({memory, state_->cell_size});
  const std::lock_guard lock(state_->mutex);
  state_->free_cells.push_back(memory);  // reserved: cannot throw
}

std::size_t LockedSlab::in_use() const noexcept {
  const std::lock_guard lock(state_->mutex);
  return state_->fresh - state_->free_cells.size();
}
std::size_t LockedSlab::capacity() const noexcept {
  return state_->capacity;
}
std::size_t LockedSlab::cell_size() const noexcept {
  return state_->cell_size;
}

LockedSlab& LockedSlab::Cell::slab() const noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(memory_);
  LockedSlab* slab = nullptr;
  std::memcpy(static_cast<void*>(&slab), memory_ - address % kPage, kOwner);
  return *slab;
}

LockedSlab::Cell::Cell(Cell&& other) noexcept : memory_(std::exchange(other.memory_, nullptr)) {}

LockedSlab::Cell& LockedSlab::Cell::operator=(Cell&& other) noexcept {
  if (this != &other) {
    if (memory_ != nullptr) slab().release(memory_);
    memory_ = std::exchange(other.memory_, nullptr);
  }
  return *this;
}

LockedSlab::Cell::~Cell() {
  if (memory_ != nullptr) slab().release(memory_);
}

std::span<std::uint8_t> LockedSlab::Cell::bytes() const noexcept {
  if (memory_ == nullptr) return {};
  return {memory_, slab().state_->cell_size};
}

}  // namespace resguardo
