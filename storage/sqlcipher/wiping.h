// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>

#include "crypto/base/result.h"

namespace resguardo::sqlcipher {

// Makes OpenSSL and SQLite overwrite memory before they free it (crypto/base/wiping.h). First
// thing in main: kRefused when either library has allocated before, and nothing then says what
// it has left behind. Calling it twice is kRefused too.
//
// kLocked: SQLite's memory lies in locked pages besides (locked_memory.h), and a Connection leaves
// SQLCipher's own locking off. For where pages hold plaintext.
enum class SqliteMemory : std::uint8_t { kHeap, kLocked };
Status install_library_wiping(SqliteMemory where = SqliteMemory::kHeap);

// SQLite's memory is locked, as install_library_wiping was asked to.
bool sqlite_memory_is_locked();
// Some of it could not be: see RLIMIT_MEMLOCK.
bool sqlite_memory_may_be_swapped();

}  // namespace resguardo::sqlcipher
