// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "bot/config/config.h"
#include "crypto/base/locked_slab.h"
#include "program/problem.h"

namespace resguardo::commands {

// The memory of `serve` that is kept out of swap: keys, the stream states of open conversations,
// replies that wait. Everything else is listed in docs/threat-model.md.

inline constexpr std::uint64_t kMebibyte = 1024UL * 1024;

// As [server] locked_memory has it.
LockedSlab::Locking locking_of(const config::Config& config);

// What `serve` locks with this configuration, at most.
std::uint64_t locked_memory_needed(const config::Config& config);

// With "require": a problem when the system did not lock what this process has by now.
program::Outcome<Done> memory_is_locked(const config::Config& config);

// What this process may lock; nothing: as much as there is (no limit, or the right to pass it).
std::optional<std::uint64_t> locked_memory_limit();

// For `check`: that this machine swaps, and the unit does not keep the server out of it. `swaps` is
// what the kernel says of it, `of_unit` what the unit may swap.
std::optional<program::Problem> swap_is_on(
    const config::Path& swaps = "/proc/swaps",
    const config::Path& of_unit =
        "/sys/fs/cgroup/system.slice/resguardo-bot.service/memory.swap.max");

}  // namespace resguardo::commands
