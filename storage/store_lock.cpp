// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/store_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

namespace resguardo::storage {

Result<StoreLock> StoreLock::acquire(const std::filesystem::path& directory) {
  const int file = open((directory / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    if (errno == ENOENT) return Error{Fault::kNotFound, "there is no store directory"};
    return Error{Fault::kUnavailable, "the store's lock file cannot be opened"};
  }
  StoreLock lock(file);
  if (flock(file, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK)
    return Error{Fault::kConflict, "another process has this store open: only one may"};
  return Error{Fault::kUnavailable, "the store's lock file cannot be locked"};
}

StoreLock::~StoreLock() {
  if (file_ >= 0) close(file_);
}

}  // namespace resguardo::storage
