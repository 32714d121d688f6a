// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/locked_memory.h"

#include <string.h>  // NOLINT(modernize-deprecated-headers): explicit_bzero is not in <cstring>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <new>

namespace resguardo::sqlcipher {
namespace {

constexpr std::size_t kLargestPooled = std::size_t{64} * 1024;  // more has pages of its own
constexpr std::size_t kPageBlock = 4096 + 512;
constexpr std::size_t kChunk = std::size_t{64} * 1024;

// Stands before each block.
struct alignas(std::max_align_t) Head {
  std::size_t size;  // of the block, without this
};

std::size_t in_pages(std::size_t bytes) {
  static const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return (bytes + page - 1) / page * page;
}

Head* head_of(void* memory) {
  return static_cast<Head*>(memory) - 1;
}

}  // namespace

void* LockedPages::do_allocate(std::size_t bytes, std::size_t) {
  const std::size_t size = in_pages(bytes);
  void* pages = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  (void)madvise(pages, size, MADV_DONTDUMP);
  all_locked_ = mlock(pages, size) == 0 && all_locked_;
  return pages;
}

void LockedPages::do_deallocate(void* memory, std::size_t bytes, std::size_t) {
  explicit_bzero(memory, in_pages(bytes));
  (void)munmap(memory, in_pages(bytes));
}

LockedMemory::LockedMemory() : pool_({0, kLargestPooled}, &pages_) {}

LockedMemory::~LockedMemory() {
  for (void* chunk : chunks_) pages_.deallocate(chunk, kChunk);
}

namespace {

bool is_page(std::size_t bytes) {
  return bytes > 4096 && bytes <= kPageBlock;
}

// libstdc++'s pools have blocks of 24 bytes, which are not all aligned to 16 even when that is
// asked.
constexpr std::size_t in_sixteens(std::size_t bytes) {
  return (bytes + 15) / 16 * 16;
}

}  // namespace

void* LockedMemory::take_page() {
  if (free_blocks_.empty()) {
    constexpr std::size_t kBlocks = kChunk / kPageBlock;
    chunks_.reserve(chunks_.size() + 1);
    free_blocks_.reserve((chunks_.size() + 1) * kBlocks);  // so that release() never allocates
    chunks_.push_back(pages_.allocate(kChunk));
    for (std::size_t i = kBlocks; i-- > 0;)
      free_blocks_.push_back(static_cast<std::uint8_t*>(chunks_.back()) + i * kPageBlock);
  }
  void* block = free_blocks_.back();
  free_blocks_.pop_back();
  return block;
}

void* LockedMemory::take(std::size_t bytes) {
  return is_page(bytes) ? take_page() : pool_.allocate(in_sixteens(bytes), alignof(Head));
}

void* LockedMemory::allocate(std::size_t size) {
  if (size > SIZE_MAX / 2) return nullptr;
  try {
    const std::lock_guard lock(mutex_);
    auto* head = static_cast<Head*>(take(sizeof(Head) + size));
    head->size = size;
    return head + 1;
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void LockedMemory::release(void* memory) {
  if (memory == nullptr) return;
  Head* head = head_of(memory);
  const std::size_t size = head->size;
  explicit_bzero(memory, size);
  const std::lock_guard lock(mutex_);
  if (is_page(sizeof(Head) + size))
    free_blocks_.push_back(head);
  else
    pool_.deallocate(head, in_sixteens(sizeof(Head) + size), alignof(Head));
}

void* LockedMemory::resize(void* memory, std::size_t size) {
  void* other = allocate(size);
  if (other == nullptr || memory == nullptr) return other;
  memcpy(other, memory, std::min(size, size_of(memory)));
  release(memory);
  return other;
}

std::size_t LockedMemory::size_of(void* memory) {
  return head_of(memory)->size;
}

bool LockedMemory::all_locked() {
  const std::lock_guard lock(mutex_);
  return pages_.all_locked();
}

}  // namespace resguardo::sqlcipher
