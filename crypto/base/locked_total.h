// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace resguardo {

// What SecretBytes and LockedSlab asked the system to keep out of swap, of this whole process:
// RLIMIT_MEMLOCK is the process's too, so this is one of the few things that are counted for all.
// Thread-safe.
//
// WARNING: says nothing of other memory. What is never locked is listed in docs/threat-model.md.
struct LockedTotals {
  std::uint64_t locked = 0;    // bytes that are locked now, in whole pages
  std::uint64_t unlocked = 0;  // bytes in use now that the system did not lock
};
LockedTotals locked_totals() noexcept;

// For what locks: after a try, and when the memory goes. `bytes` are rounded up to pages.
void count_locked(std::size_t bytes, bool locked) noexcept;
void uncount_locked(std::size_t bytes, bool locked) noexcept;

}  // namespace resguardo
