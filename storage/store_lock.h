// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>

#include "crypto/base/result.h"

namespace resguardo::storage {

// What a process does with a store that it holds.
enum class StoreUse : std::uint8_t {
  kCommand,  // some work, then it lets go
  kServer,   // keeps it, and answers commands
};

// One process at a time may write a store: flock on DIR/lock, held for the object's life and gone
// with its process, however that ends. An engine takes it when it opens (docs/adr/020). A server
// also locks one byte of the file, which tells it from a command; the file itself stays empty.
class StoreLock {
 public:
  // Never waits. kConflict: somebody holds it. kNotFound: there is no such directory.
  static Result<StoreLock> acquire(const std::filesystem::path& directory,
                                   StoreUse use = StoreUse::kCommand);
  // Who holds it now; nullopt: nobody. A server that begins at this moment may look like a command.
  static Result<std::optional<StoreUse>> held(const std::filesystem::path& directory);
  StoreLock(StoreLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  StoreLock& operator=(StoreLock&&) = delete;
  StoreLock(const StoreLock&) = delete;
  StoreLock& operator=(const StoreLock&) = delete;
  ~StoreLock();

 private:
  explicit StoreLock(int file) : file_(file) {}
  static Result<StoreLock> open(const std::filesystem::path& directory);
  int file_;
};

}  // namespace resguardo::storage
