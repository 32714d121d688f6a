// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>

#include "crypto/base/clock.h"
#include "crypto/base/result.h"
#include "storage/key_ring.h"

namespace resguardo::storage {

// Destroys the key of every journal but the one of `current`, whole or unfinished, and then removes
// its files. May be called again after it was cut short; nothing to remove is no error. Nobody may
// have those journals open for writing.
Status remove_other_journals(const std::filesystem::path& directory, KeyRing& keys, Day current);

}  // namespace resguardo::storage
