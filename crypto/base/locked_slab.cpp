// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/base/locked_slab.h"

#include <sys/mman.h>

#include <cerrno>
#include <mutex>
#include <utility>
#include <vector>

#include "crypto/base/secret_bytes.h"

namespace resguardo {

struct LockedSlab::State {
  std::mutex mutex;
  std::uint8_t* memory = nullptr;
  std::size_t mapped = 0;
  std::size_t cell_size = 0;
  std::vector<std::uint8_t*> free_cells;  // that were used before
  std::size_t fresh = 0;                  // the first cell that never was
  std::size_t capacity = 0;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (memory == nullptr) return;
    wipe({memory, fresh * cell_size});
    munlock(memory, mapped);
    munmap(memory, mapped);
  }
};

namespace {

// Counts against RLIMIT_MEMLOCK as a whole, at once; each page becomes resident, and is locked
// then, when its first cell is used. A kernel before 4.4 has them all at once.
bool lock(void* memory, std::size_t size) {
  if (mlock2(memory, size, MLOCK_ONFAULT) == 0) return true;
  return (errno == ENOSYS || errno == EINVAL) && mlock(memory, size) == 0;
}

}  // namespace

LockedSlab::LockedSlab(std::unique_ptr<State> state) : state_(std::move(state)) {}
LockedSlab::~LockedSlab() = default;

Result<std::unique_ptr<LockedSlab>> LockedSlab::create(std::size_t cell_size, std::size_t cells) {
  auto state = std::make_unique<State>();
  constexpr std::size_t kPage = 4096;
  const std::size_t rounded = (cell_size + 7) / 8 * 8;
  const std::size_t mapped = (rounded * cells + kPage - 1) / kPage * kPage;
  void* memory = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return Error{Fault::kUnavailable, "no memory for the stream states"};
  state->memory = static_cast<std::uint8_t*>(memory);
  state->mapped = mapped;
  state->cell_size = rounded;
  state->capacity = cells;
  if (!lock(memory, mapped)) {
    return Error{Fault::kUnavailable,
                 "the stream states cannot be locked in memory: raise LimitMEMLOCK (ulimit -l)"};
  }
  madvise(memory, mapped, MADV_DONTDUMP);
  madvise(memory, mapped, MADV_WIPEONFORK);
  state->free_cells.reserve(cells);  // room that costs nothing until it is used
  return std::unique_ptr<LockedSlab>(new LockedSlab(std::move(state)));
}

Result<LockedSlab::Cell> LockedSlab::acquire() {
  const std::lock_guard lock(state_->mutex);
  if (!state_->free_cells.empty()) {
    std::uint8_t* memory = state_->free_cells.back();
    state_->free_cells.pop_back();
    return Cell(this, memory);
  }
  if (state_->fresh == state_->capacity)
    return Error{Fault::kUnavailable, "all stream states are in use: raise limits.conversations"};
  return Cell(this, state_->memory + state_->fresh++ * state_->cell_size);
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

LockedSlab::Cell::Cell(Cell&& other) noexcept
    : slab_(std::exchange(other.slab_, nullptr)), memory_(std::exchange(other.memory_, nullptr)) {}

LockedSlab::Cell& LockedSlab::Cell::operator=(Cell&& other) noexcept {
  if (this != &other) {
    if (memory_ != nullptr) slab_->release(memory_);
    slab_ = std::exchange(other.slab_, nullptr);
    memory_ = std::exchange(other.memory_, nullptr);
  }
  return *this;
}

LockedSlab::Cell::~Cell() {
  if (memory_ != nullptr) slab_->release(memory_);
}

std::span<std::uint8_t> LockedSlab::Cell::bytes() const noexcept {
  if (memory_ == nullptr) return {};
  return {memory_, slab_->state_->cell_size};
}

}  // namespace resguardo
