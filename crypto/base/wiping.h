// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>

namespace resguardo {

// Process-wide wiping of freed memory. Linking resguardo::wiping replaces operator new and
// delete; OpenSSL and SQLite take these three by their own hooks (storage/sqlcipher/wiping.h).
// Every block is overwritten before it goes back to the heap, also when it grows.
//
// It does not reach the stack, registers, the kernel, or a library's own mmap.
void* wiping_malloc(std::size_t size);
void* wiping_realloc(void* memory, std::size_t size);  // like realloc, the old block wiped
void wiping_free(void* memory);                        // nullptr is fine

}  // namespace resguardo
