// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace resguardo::intake {

// Memory for many small blocks, most of which go at about the same time: pages of blocks of one
// size, and a page whose last block went is the system's again. The heap would keep them all for
// the few small things that came to lie between. Left out of core dumps, zero in a forked child.
//
// Wipes nothing: who gives a block back has. Blocks are aligned to 8 bytes. Thread-safe. Blocks go
// before the pool.
class PagePool {
 public:
  static constexpr std::size_t kLargest = 1000;  // above it a block comes from the heap

  PagePool() = default;
  PagePool(const PagePool&) = delete;
  PagePool& operator=(const PagePool&) = delete;
  ~PagePool();

  void* allocate(std::size_t size);
  // `size` is what allocate() was asked for.
  static void give_back(void* block, std::size_t size) noexcept;
  std::size_t pages() const;  // in use

 private:
  struct Page;
  static constexpr std::size_t kStep = 8;

  Page* fresh_page();
  void link(Page& page);
  void unlink(Page& page);
  void release(Page& page, void* block);

  mutable std::mutex mutex_;
  std::array<Page*, kLargest / kStep + 1> open_{};  // by size: pages with room, the first of a list
  std::vector<void*> regions_;
  std::vector<void*> empty_;  // pages that hold nothing, and take no memory
  std::size_t used_ = 0;
};

}  // namespace resguardo::intake
