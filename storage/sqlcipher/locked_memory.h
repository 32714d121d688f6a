// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory_resource>
#include <mutex>
#include <vector>

namespace resguardo::sqlcipher {

// Whole pages from the system: locked (mlock(2): not swapped out), left out of core dumps, wiped
// before they go back. A page that the system does not lock (RLIMIT_MEMLOCK) is given all the same,
// and all_locked() says so from then on.
class LockedPages : public std::pmr::memory_resource {
 public:
  bool all_locked() const { return all_locked_; }

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override;
  void do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) override;
  bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }
  bool all_locked_ = true;
};

// malloc's three over such pages, for a library that asks for its memory in small pieces: a lock
// for each piece costs ten times what SQLCipher does with it (docs/adr/021). Every block is wiped
// before it is used again. What is freed is kept for the next: the pages stay until the process
// ends.
//
// Any number of threads.
class LockedMemory {
 public:
  LockedMemory();
  LockedMemory(const LockedMemory&) = delete;
  LockedMemory& operator=(const LockedMemory&) = delete;
  ~LockedMemory();
  void* allocate(std::size_t size);  // nullptr: no memory. As aligned as malloc's
  void* resize(void* memory,
               std::size_t size);            // like realloc, the old block wiped; memory or nullptr
  void release(void* memory);                // nullptr is fine
  static std::size_t size_of(void* memory);  // at least what was asked for
  bool all_locked();

 private:
  void* take(std::size_t bytes);  // throws
  void* take_page();
  std::mutex mutex_;  // guards all of these
  LockedPages pages_;
  std::pmr::unsynchronized_pool_resource pool_;
  // A page of the database with what SQLite puts around it: the pool's next size is twice that,
  // and what may be locked is little.
  std::vector<void*> chunks_;       // of blocks for them
  std::vector<void*> free_blocks_;  // of these
};

}  // namespace resguardo::sqlcipher
