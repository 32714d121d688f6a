// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <vector>

namespace resguardo::storage {

// For large tables that grow: whole pages from the kernel, which go back to it at once, and of
// which only those count that were written. Not wiped: for what is no secret.
template <class T>
struct PageMemory {
  using value_type = T;
  PageMemory() = default;
  template <class Other>
  explicit PageMemory(const PageMemory<Other>&) {}

  T* allocate(std::size_t count) {
    void* at = ::mmap(nullptr, count * sizeof(T), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) throw std::bad_alloc();
    return static_cast<T*>(at);
  }
  void deallocate(T* at, std::size_t count) { ::munmap(at, count * sizeof(T)); }
  friend bool operator==(const PageMemory&, const PageMemory&) { return true; }
};

template <class T>
using PagedVector = std::vector<T, PageMemory<T>>;

}  // namespace resguardo::storage
