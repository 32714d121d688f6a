// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>

#include "storage/key_ring.h"

namespace resguardo::storage {

// Before anything else is opened, by who holds the lock: of two report stores the one that the
// store key opens is the one that counts; it gets the name reports.db, and the other goes. If
// neither opens nothing is changed. docs/adr/136.
Status settle_reports(const std::filesystem::path& directory, KeyRing& keys);

}  // namespace resguardo::storage
