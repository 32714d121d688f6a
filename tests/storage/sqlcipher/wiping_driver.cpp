// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Run by wiping_test.cpp as a process of its own, because wiping is installed once and first.
// Each mode exits 0 when what it tries is as it should be.
#include "storage/sqlcipher/wiping.h"

#include <malloc.h>
#include <openssl/crypto.h>
#include <sqlite3.h>

#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "crypto/base/initialise.h"
#include "storage/sqlcipher/connection.h"

namespace {

using resguardo::SecretBytes;
using resguardo::sqlcipher::Connection;
using resguardo::sqlcipher::install_library_wiping;
using resguardo::sqlcipher::sqlite_memory_may_be_swapped;
using resguardo::sqlcipher::SqliteMemory;

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
bool freed_memory_is_wiped(Allocate allocate, Free release, std::size_t size = kSize) {
  auto* memory = static_cast<std::uint8_t*>(allocate(size));
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

// Blocks of the size of a page of a database with its header come from a list of their own.
bool sqlite_wipes_pages() {
  for (const std::size_t size : {4081U, 4400U, 4592U, 4593U})
    if (!freed_memory_is_wiped([](std::size_t bytes) { return sqlite3_malloc64(bytes); },
                               [](void* memory) { sqlite3_free(memory); }, size))
      return false;
  return true;
}

// The old place of a block that had to move.
bool sqlite_wipes_what_moves() {
  auto* memory = static_cast<std::uint8_t*>(sqlite3_malloc64(kSize));
  std::memset(memory, kSecret, kSize);
  const volatile std::uint8_t* const before = memory;
  auto* moved = static_cast<std::uint8_t*>(sqlite3_realloc64(memory, 20 * kSize));
  const bool kept = moved != nullptr && holds_secret(moved);
  const bool wiped = moved != before && !holds_secret(before);
  sqlite3_free(moved);
  return kept && wiped;
}

constexpr std::uint8_t kMask = 0x5a;

// What is planted, as it never stands in memory.
std::array<std::uint8_t, 24> masked_words() {
  std::array<std::uint8_t, 24> masked;
  for (std::size_t at = 0; at < masked.size(); ++at)
    masked.at(at) = static_cast<std::uint8_t>(at * 73 + 29);
  return masked;
}

std::size_t copies_between(const volatile std::uint8_t* begin, const volatile std::uint8_t* end) {
  const auto masked = masked_words();
  std::size_t found = 0;
  for (const volatile std::uint8_t* at = begin; at + masked.size() <= end; ++at) {
    std::size_t same = 0;
    while (same < masked.size() && (at[same] ^ kMask) == masked.at(same)) ++same;
    found += same == masked.size() ? 1U : 0U;
  }
  return found;
}

struct Copies {
  std::size_t locked = 0;  // where the kernel neither swaps nor dumps
  std::size_t elsewhere = 0;
};

// /proc/self/smaps: a mapping's first line, and its flags in a line of their own after it.
Copies hunt() {
  std::ifstream smaps("/proc/self/smaps");
  Copies found;
  std::uintptr_t begin = 0, end = 0;
  bool writable = false;
  for (std::string line; std::getline(smaps, line);) {
    std::istringstream words(line);
    std::string first, rights;
    words >> first >> rights;
    if (const auto dash = first.find('-'); dash != std::string::npos) {
      begin = std::stoull(first.substr(0, dash), nullptr, 16);
      end = std::stoull(first.substr(dash + 1), nullptr, 16);
      writable = rights.starts_with("rw");
    } else if (first == "VmFlags:" && writable) {
      const bool locked = line.find(" lo") != std::string::npos;
      const bool dumped = line.find(" dd") == std::string::npos;
      (locked && !dumped ? found.locked : found.elsewhere) +=
          copies_between(reinterpret_cast<const volatile std::uint8_t*>(begin),
                         reinterpret_cast<const volatile std::uint8_t*>(end));
    }
  }
  return found;
}

// Put in by a buffer that is wiped; read back where SQLite has it.
bool plant(Connection& database) {
  auto words = masked_words();
  for (std::uint8_t& byte : words) byte ^= kMask;
  auto put = database.prepare("INSERT INTO t VALUES (1, ?)");
  const bool done = put.ok() && put->run(resguardo::ByteView(words)).ok();
  resguardo::wipe(words);
  auto find = database.prepare("SELECT b FROM t ORDER BY b");  // sorted: copied once more
  if (!done || !find.ok()) return false;
  auto rows = find->query();
  return rows.ok() && rows->next().ok() && rows->bytes(0).size() == words.size();
}

// Words in an encrypted database stand in locked pages only, and are gone when it closes.
bool a_database_lies_in(SqliteMemory where, const std::filesystem::path& file) {
  if (!install_library_wiping(where).ok() || !resguardo::initialise_crypto().ok()) return false;
  const bool expected = where == SqliteMemory::kLocked;
  {
    const auto key = SecretBytes::random(32);
    auto database = Connection::open(file, *key, {.create = true, .memory_security = expected});
    if (!database.ok() || !database->execute("CREATE TABLE t (a, b)").ok()) return false;
    if (database->number("PRAGMA cipher_memory_security").value() != 0) return false;
    if (!plant(*database)) return false;
    const Copies now = hunt();
    if (expected ? now.locked == 0 || now.elsewhere > 0 : now.elsewhere == 0) return false;
  }
  const Copies after = hunt();
  return after.locked + after.elsewhere == 0 && !sqlite_memory_may_be_swapped();
}

bool in_a_folder(SqliteMemory where) {
  std::string folder = std::filesystem::temp_directory_path() / "wiping-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return false;
  const bool found = a_database_lies_in(where, std::filesystem::path(folder) / "test.db");
  std::filesystem::remove_all(folder);
  return found;
}

// A system that locks nothing gives memory all the same, and it is known.
bool works_unlocked() {
  constexpr rlimit kNone{0, 0};
  constexpr uid_t kNobody = 65534;  // root locks beyond its limit
  if (geteuid() == 0 && setuid(kNobody) != 0) return false;
  if (setrlimit(RLIMIT_MEMLOCK, &kNone) != 0) return false;
  return install_library_wiping(SqliteMemory::kLocked).ok() && sqlite_wipes() &&
         sqlite_memory_may_be_swapped();
}

int run(std::string_view mode) {
  if (mode == "locked")
    return install_library_wiping(SqliteMemory::kLocked).ok() && openssl_wipes() &&
                   sqlite_wipes() && sqlite_wipes_pages() && sqlite_wipes_what_moves()
               ? 0
               : 1;
  if (mode == "locked-database") return in_a_folder(SqliteMemory::kLocked) ? 0 : 1;
  if (mode == "heap-database") return in_a_folder(SqliteMemory::kHeap) ? 0 : 1;
  if (mode == "unlockable") return works_unlocked() ? 0 : 1;
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
