// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/store_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

namespace resguardo::storage {
namespace {

// The byte that a server locks, by the open file (fcntl(2), F_OFD_SETLK): another process sees it.
struct flock server_byte(short type) {
  struct flock byte = {};
  byte.l_type = type;
  byte.l_whence = SEEK_SET;
  byte.l_len = 1;
  return byte;
}

}  // namespace

Result<StoreLock> StoreLock::open(const std::filesystem::path& directory) {
  const int file = ::open((directory / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file >= 0) return StoreLock(file);
  if (errno == ENOENT) return Error{Fault::kNotFound, "there is no store directory"};
  return Error{Fault::kUnavailable, "the store's lock file cannot be opened"};
}

Result<StoreLock> StoreLock::acquire(const std::filesystem::path& directory, StoreUse use) {
  RESGUARDO_TRY(auto lock, open(directory));
  if (::flock(lock.file_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK)
      return Error{Fault::kConflict, "another process has this store open: only one may"};
    return Error{Fault::kUnavailable, "the store's lock file cannot be locked"};
  }
  auto byte = server_byte(F_WRLCK);
  if (use == StoreUse::kServer && ::fcntl(lock.file_, F_OFD_SETLK, &byte) != 0)
    return Error{Fault::kUnavailable, "the store's lock file cannot be locked"};
  return lock;
}

Result<std::optional<StoreUse>> StoreLock::held(const std::filesystem::path& directory) {
  RESGUARDO_TRY(const auto lock, open(directory));
  if (::flock(lock.file_, LOCK_EX | LOCK_NB) == 0) return std::optional<StoreUse>();
  if (errno != EWOULDBLOCK)
    return Error{Fault::kUnavailable, "the store's lock file cannot be locked"};
  auto byte = server_byte(F_WRLCK);
  if (::fcntl(lock.file_, F_OFD_GETLK, &byte) != 0)
    return Error{Fault::kUnavailable, "the store's lock file cannot be locked"};
  return std::optional(byte.l_type == F_UNLCK ? StoreUse::kCommand : StoreUse::kServer);
}

StoreLock::~StoreLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace resguardo::storage
