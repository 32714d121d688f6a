// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>

#include "storage/store.h"

namespace resguardo::storage {

// The store's twin in memory, for tests of what stands on a store: the same contract, the same
// threads (completions come from a writer thread), nothing on disk. Written from the contract and
// not from the engine, so that each checks the other.
std::unique_ptr<Store> make_memory_store(std::size_t queue_limit = 4096);

}  // namespace resguardo::storage
