// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/locked_memory.h"

#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <string>

#include "bot/media/addendum.h"
#include "bot/outbox/queue.h"
#include "crypto/base/locked_total.h"
#include "crypto/seal/segment_writer.h"

namespace resguardo::commands {
namespace {

// Keys have a page each: of days that are alive, of the log, of the messengers, of receipts.
constexpr std::uint64_t kKeys = 2UL * 1024 * 1024;

bool may_pass_limits() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  return ::syscall(SYS_capget, &header, sets.data()) == 0 &&
         (sets[0].effective & (1U << CAP_IPC_LOCK)) != 0;
}

}  // namespace

LockedSlab::Locking locking_of(const config::Config& config) {
  return config.server.locked_memory == config::Lacking::kWarn ? LockedSlab::Locking::kTried
                                                               : LockedSlab::Locking::kRequired;
}

std::uint64_t locked_memory_needed(const config::Config& config) {
  return LockedSlab::size_of(SegmentWriter::cell_size(), config.limits.conversations) +
         outbox::Queue::locked_bytes({}) + media::AddendumSealer::locked_bytes() + kKeys;
}

program::Outcome<Done> memory_is_locked(const config::Config& config) {
  if (config.server.locked_memory == config::Lacking::kWarn || locked_totals().unlocked == 0)
    return Done{};
  return program::Problem{"[server] locked_memory",
                          "the system does not lock the keys in memory: they could be swapped",
                          "raise LimitMEMLOCK= (ulimit -l), or set locked_memory = \"warn\""};
}

std::optional<program::Problem> swap_is_on(const config::Path& swaps, const config::Path& of_unit) {
  std::ifstream list(swaps);
  std::string line;
  std::getline(list, line);  // a heading
  if (!std::getline(list, line)) return std::nullopt;
  std::string may_swap;  // a number or "max"
  std::ifstream(of_unit) >> may_swap;
  if (may_swap == "0") return std::nullopt;
  return program::Problem{"[server] locked_memory",
                          "keys are locked, and the rest of the process may be swapped to a disk",
                          "run it by the unit (MemorySwapMax=0), or switch swap off: swapoff -a"};
}

std::optional<std::uint64_t> locked_memory_limit() {
  rlimit limit{};
  if (may_pass_limits() || ::getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return std::nullopt;
  if (limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  return limit.rlim_cur;
}

}  // namespace resguardo::commands
