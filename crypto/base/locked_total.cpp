// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/base/locked_total.h"

#include <atomic>

namespace resguardo {
namespace {

constexpr std::size_t kLockedPage = 4096;

struct LockedCounters {
  std::atomic<std::uint64_t> locked{0};
  std::atomic<std::uint64_t> unlocked{0};
};

// Initialised before anything runs, never destroyed: keys may go after main.
constinit LockedCounters counters;

std::uint64_t in_whole_pages(std::size_t bytes) {
  return (bytes + kLockedPage - 1) / kLockedPage * kLockedPage;
}

}  // namespace

LockedTotals locked_totals() noexcept {
  return {counters.locked.load(), counters.unlocked.load()};
}

void count_locked(std::size_t bytes, bool locked) noexcept {
  (locked ? counters.locked : counters.unlocked) += in_whole_pages(bytes);
}

void uncount_locked(std::size_t bytes, bool locked) noexcept {
  (locked ? counters.locked : counters.unlocked) -= in_whole_pages(bytes);
}

}  // namespace resguardo
