// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/wiping.h"

#include <malloc.h>
#include <openssl/crypto.h>
#include <sqlite3.h>

#include <algorithm>
#include <limits>

#include "crypto/base/wiping.h"

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

}  // namespace

Status install_library_wiping() {
  if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1)
    return Error{Fault::kRefused, "OpenSSL has allocated memory before wiping was installed"};
  sqlite3_mem_methods methods = {};
  methods.xMalloc = sqlite_malloc;
  methods.xFree = wiping_free;
  methods.xRealloc = sqlite_realloc;
  methods.xSize = sqlite_size;
  methods.xRoundup = sqlite_roundup;
  methods.xInit = sqlite_start;
  methods.xShutdown = sqlite_stop;
  if (sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) != SQLITE_OK)
    return Error{Fault::kRefused, "SQLite was in use before wiping was installed"};
  return success();
}

}  // namespace resguardo::sqlcipher
