// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Run by wiping_test.cpp as a process of its own, because wiping is installed once and first.
// Each mode exits 0 when what it tries is as it should be.
#include "storage/sqlcipher/wiping.h"

#include <malloc.h>
#include <openssl/crypto.h>
#include <sqlite3.h>

#include <cstring>
#include <string_view>

namespace {

using resguardo::sqlcipher::install_library_wiping;

constexpr std::size_t kSize = 4000;
constexpr std::uint8_t kSecret = 0xd7;

// Looks at memory after it was freed: nobody else has allocated meanwhile. Kept away from the
// optimiser, and from sanitizers, which forbid just that.
bool holds_secret(const volatile std::uint8_t* memory) {
  std::size_t found = 0;
  for (std::size_t at = 64; at < kSize; ++at) found += memory[at] == kSecret ? 1U : 0U;
  return found > kSize / 2;
}

template <class Allocate, class Free>
bool freed_memory_is_wiped(Allocate allocate, Free release) {
  auto* memory = static_cast<std::uint8_t*>(allocate(kSize));
  std::memset(memory, kSecret, kSize);
  if (!holds_secret(memory)) return false;
  const volatile std::uint8_t* const after = memory;
  release(memory);
  return !holds_secret(after);
}

bool openssl_wipes() {
  return freed_memory_is_wiped([](std::size_t size) { return OPENSSL_malloc(size); },
                               [](void* memory) { OPENSSL_free(memory); });
}

bool sqlite_wipes() {
  return freed_memory_is_wiped([](std::size_t size) { return sqlite3_malloc64(size); },
                               [](void* memory) { sqlite3_free(memory); });
}

int run(std::string_view mode) {
  if (mode == "wipes")
    return install_library_wiping().ok() && openssl_wipes() && sqlite_wipes() ? 0 : 1;
  if (mode == "without") return openssl_wipes() || sqlite_wipes() ? 1 : 0;
  if (mode == "twice")
    return install_library_wiping().ok() && sqlite_wipes() && !install_library_wiping().ok() ? 0
                                                                                             : 1;
  if (mode == "after-openssl") {
    OPENSSL_free(OPENSSL_malloc(1));
    return install_library_wiping().ok() ? 1 : 0;
  }
  if (mode == "after-sqlite") {
    sqlite3_free(sqlite3_malloc(1));
    return install_library_wiping().ok() ? 1 : 0;
  }
  return 2;
}

}  // namespace

int main(int count, char** arguments) {
  return count == 2 ? run(arguments[1]) : 2;
}
