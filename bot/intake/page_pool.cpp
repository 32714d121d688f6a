// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/page_pool.h"

#include <sys/mman.h>

#include <cstring>
#include <new>

namespace resguardo::intake {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kRegion = 256 * kPage;

}  // namespace

// At the beginning of each page; the blocks follow.
struct PagePool::Page {
  PagePool* pool;
  Page* before;
  Page* next;
  std::uint16_t size;   // of a block
  std::uint16_t used;   // blocks that somebody has
  std::uint16_t fresh;  // offset of the first block that nobody ever had; kPage: there is none
  std::uint16_t given;  // offset of the last block that came back, which holds the next; 0: none

  bool full() const { return given == 0 && fresh + std::size_t{size} > kPage; }
  std::uint8_t* at(std::size_t offset) { return reinterpret_cast<std::uint8_t*>(this) + offset; }
};

PagePool::~PagePool() {
  for (void* region : regions_) munmap(region, kRegion);
}

PagePool::Page* PagePool::fresh_page() {
  if (empty_.empty()) {
    void* region =
        mmap(nullptr, kRegion, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (region == MAP_FAILED) throw std::bad_alloc();  // as operator new
    madvise(region, kRegion, MADV_DONTDUMP);
    madvise(region, kRegion, MADV_WIPEONFORK);
    madvise(region, kRegion, MADV_NOHUGEPAGE);
    regions_.push_back(region);
    empty_.reserve(regions_.size() * (kRegion / kPage));  // release() cannot fail
    for (std::size_t offset = kRegion; offset > 0; offset -= kPage)
      empty_.push_back(static_cast<std::uint8_t*>(region) + offset - kPage);
  }
  void* memory = empty_.back();
  empty_.pop_back();
  ++used_;
  return new (memory) Page{};
}

void PagePool::link(Page& page) {
  Page*& first = open_.at(page.size / kStep);
  page.before = nullptr;
  page.next = first;
  if (first != nullptr) first->before = &page;
  first = &page;
}

void PagePool::unlink(Page& page) {
  (page.before != nullptr ? page.before->next : open_.at(page.size / kStep)) = page.next;
  if (page.next != nullptr) page.next->before = page.before;
}

void* PagePool::allocate(std::size_t size) {
  if (size > kLargest) return ::operator new(size);
  const std::size_t rounded = (size + kStep - 1) / kStep * kStep;
  const std::lock_guard lock(mutex_);
  Page* page = open_.at(rounded / kStep);
  if (page == nullptr) {
    page = fresh_page();
    page->pool = this;
    page->size = static_cast<std::uint16_t>(rounded);
    page->fresh = sizeof(Page);
    link(*page);
  }
  std::uint8_t* block = page->at(page->given != 0 ? page->given : page->fresh);
  if (page->given != 0) {
    std::memcpy(&page->given, block, sizeof page->given);
  } else {
    page->fresh = static_cast<std::uint16_t>(page->fresh + rounded);
  }
  ++page->used;
  if (page->full()) unlink(*page);
  return block;
}

void PagePool::give_back(void* block, std::size_t size) noexcept {
  if (size > kLargest) return ::operator delete(block);
  const auto address = reinterpret_cast<std::uintptr_t>(block);
  // A block's page begins where its address says. NOLINTNEXTLINE(performance-no-int-to-ptr)
  auto* page = reinterpret_cast<Page*>(address - address % kPage);
  page->pool->release(*page, block);
}

void PagePool::release(Page& page, void* block) {
  const std::lock_guard lock(mutex_);
  const bool was_full = page.full();
  std::memcpy(block, &page.given, sizeof page.given);
  page.given = static_cast<std::uint16_t>(static_cast<std::uint8_t*>(block) - page.at(0));
  if (--page.used > 0) {
    if (was_full) link(page);
    return;
  }
  if (!was_full) unlink(page);
  madvise(&page, kPage, MADV_DONTNEED);
  empty_.push_back(&page);
  --used_;
}

std::size_t PagePool::pages() const {
  const std::lock_guard lock(mutex_);
  return used_;
}

}  // namespace resguardo::intake
