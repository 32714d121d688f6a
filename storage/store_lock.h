// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <utility>

#include "crypto/base/result.h"

namespace resguardo::storage {

// One process at a time may write a store: flock on DIR/lock, held for the object's life and gone
// with its process, however that ends. An engine takes it when it opens (docs/adr/020).
class StoreLock {
 public:
  // Never waits. kConflict: somebody holds it. kNotFound: there is no such directory.
  static Result<StoreLock> acquire(const std::filesystem::path& directory);
  StoreLock(StoreLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  StoreLock& operator=(StoreLock&&) = delete;
  StoreLock(const StoreLock&) = delete;
  StoreLock& operator=(const StoreLock&) = delete;
  ~StoreLock();

 private:
  explicit StoreLock(int file) : file_(file) {}
  int file_;
};

}  // namespace resguardo::storage
