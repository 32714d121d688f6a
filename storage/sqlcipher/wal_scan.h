// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>

#include "crypto/base/result.h"

namespace resguardo::storage {

// How many commits of a WAL nobody will read, because a frame before them is damaged: SQLite takes
// the first frame whose checksum does not fit for the end of it (sqlite.org/walformat.html), and
// says nothing. Look before the database is opened.
//
// A commit that was cut short leaves the same picture at the very end; every commit before it was
// synced first. So one commit behind a bad frame is none that was acknowledged, for all anybody can
// tell, and 0 is returned. Needs no key. No file: 0.
Result<std::uint64_t> unreadable_commits(const std::filesystem::path& wal);

}  // namespace resguardo::storage
