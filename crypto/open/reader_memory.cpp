// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/reader_memory.h"

namespace resguardo::open {
namespace {

// Never destroyed: a reader may be somebody's static. nullptr: it cannot be locked.
LockedSlab* slab() {
  constexpr std::size_t kReaders = 12;  // at once
  static LockedSlab* const shared = [] {
    auto made = LockedSlab::create(ReaderMemory::kSize, kReaders);
    return made.ok() ? std::move(made).value().release() : nullptr;
  }();
  return shared;
}

}  // namespace

Result<ReaderMemory> ReaderMemory::allocate() {
  if (LockedSlab* const shared = slab(); shared != nullptr)
    if (auto cell = shared->acquire(); cell.ok()) return ReaderMemory(std::move(cell).value());
  RESGUARDO_TRY(auto pages, SecretBytes::allocate(kSize));
  return ReaderMemory(std::move(pages));
}

}  // namespace resguardo::open
