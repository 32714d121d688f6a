// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/wiping.h"

#include <malloc.h>
#include <openssl/crypto.h>
#include <sqlite3.h>

#include <algorithm>
#include <limits>

#include "crypto/base/wiping.h"
#include "storage/sqlcipher/locked_memory.h"

namespace resguardo::sqlcipher {
namespace {

void* openssl_malloc(std::size_t size, const char*, int) {
  return wiping_malloc(size);
}
void* openssl_realloc(void* memory, std::size_t size, const char*, int) {
  return wiping_realloc(memory, size);
}
void openssl_free(void* memory, const char*, int) {
  wiping_free(memory);
}

void* sqlite_malloc(int size) {
  return wiping_malloc(static_cast<std::size_t>(size));
}
void* sqlite_realloc(void* memory, int size) {
  return wiping_realloc(memory, static_cast<std::size_t>(size));
}
int sqlite_size(void* memory) {
  constexpr std::size_t most = std::numeric_limits<int>::max();
  return static_cast<int>(std::min(malloc_usable_size(memory), most));
}
int sqlite_roundup(int size) {
  return (size + 7) & ~7;
}
int sqlite_start(void*) {
  return SQLITE_OK;
}
void sqlite_stop(void*) {}

// One for the process, as SQLite's configuration is. Never destroyed: what SQLite frees last, it
// frees after everything else.
LockedMemory*& locked_memory() {
  static LockedMemory* memory = nullptr;
  return memory;
}

void* locked_malloc(int size) {
  return locked_memory()->allocate(static_cast<std::size_t>(size));
}
void locked_free(void* memory) {
  locked_memory()->release(memory);
}
void* locked_realloc(void* memory, int size) {
  return locked_memory()->resize(memory, static_cast<std::size_t>(size));
}
int locked_size(void* memory) {
  return memory == nullptr ? 0 : static_cast<int>(LockedMemory::size_of(memory));
}

sqlite3_mem_methods methods_on_heap() {
  return {sqlite_malloc,  wiping_free,  sqlite_realloc, sqlite_size,
          sqlite_roundup, sqlite_start, sqlite_stop,    nullptr};
}

sqlite3_mem_methods methods_on_locked_pages() {
  return {locked_malloc,  locked_free,  locked_realloc, locked_size,
          sqlite_roundup, sqlite_start, sqlite_stop,    nullptr};
}

}  // namespace

Status install_library_wiping(SqliteMemory where) {
  if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1)
    return Error{Fault::kRefused, "OpenSSL has allocated memory before wiping was installed"};
  const bool locked = where == SqliteMemory::kLocked;
  if (locked && locked_memory() == nullptr) locked_memory() = new LockedMemory;
  sqlite3_mem_methods methods = locked ? methods_on_locked_pages() : methods_on_heap();
  if (sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) != SQLITE_OK)
    return Error{Fault::kRefused, "SQLite was in use before wiping was installed"};
  return success();
}

bool sqlite_memory_is_locked() {
  return locked_memory() != nullptr;
}

bool sqlite_memory_may_be_swapped() {
  return locked_memory() != nullptr && !locked_memory()->all_locked();
}

}  // namespace resguardo::sqlcipher
