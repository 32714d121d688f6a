// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/key_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string>

#include "crypto/base/random.h"

namespace resguardo::open {
namespace {

constexpr std::size_t kMaxFile = std::size_t{1} << 20U;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  bool valid() const { return fd_ >= 0; }
  int get() const { return fd_; }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// Not over anything that is there. Some file systems have no such rename: then it is looked first.
int rename_new(const char* from, const char* to) {
  if (::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return -1;
  if (::faccessat(AT_FDCWD, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
    errno = EEXIST;
    return -1;
  }
  return ::rename(from, to);
}

}  // namespace

Status sync_directory(const std::filesystem::path& dir) {
  const Descriptor opened(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some file systems cannot sync a directory, and say so.
  if (!opened.valid() || (::fsync(opened.get()) != 0 && errno != EINVAL))
    return Error{Fault::kUnavailable, "the key's directory could not be synced to the disk"};
  return success();
}

Status write_synced(const std::filesystem::path& file, std::string_view text) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
  const Descriptor opened(::open(file.c_str(), kFlags, S_IRUSR | S_IWUSR));
  if (!opened.valid())
    return Error{Fault::kUnavailable,
                 "a key file could not be made: may its directory be written?"};
  if (!write_all(opened.get(), text) || ::fsync(opened.get()) != 0)
    return Error{Fault::kUnavailable, "a key file could not be written: is the disk full?"};
  return success();
}

Status write_key_file(const std::filesystem::path& file, std::string_view text) {
  const std::filesystem::path dir = file.has_parent_path() ? file.parent_path() : ".";
  std::string partial = (dir / ".resguardo-XXXXXX").string();
  {
    const Descriptor opened(::mkostemp(partial.data(), O_CLOEXEC));  // 0600
    if (!opened.valid())
      return Error{Fault::kUnavailable,
                   "the key file could not be made: may its directory be written?"};
    if (!write_all(opened.get(), text) || ::fsync(opened.get()) != 0) {
      ::unlink(partial.c_str());
      return Error{Fault::kUnavailable, "the key file could not be written: is the disk full?"};
    }
  }
  if (rename_new(partial.c_str(), file.c_str()) != 0) {
    const bool exists = errno == EEXIST;
    ::unlink(partial.c_str());
    if (exists)
      return Error{Fault::kConflict, "the key file exists already: name another, or move it away"};
    return Error{Fault::kUnavailable, "the key file could not be put in its place"};
  }
  return sync_directory(dir);
}

Result<Bytes> read_key_file(const std::filesystem::path& file) {
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!opened.valid()) {
    if (errno == ENOENT || errno == ENOTDIR)
      return Error{Fault::kNotFound, "there is no such key file"};
    return Error{Fault::kUnavailable, "the key file could not be opened: may you read it?"};
  }
  Bytes bytes;
  std::array<std::uint8_t, 16384> piece{};
  while (true) {
    const ssize_t got = ::read(opened.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error{Fault::kUnavailable, "the key file could not be read"};
    if (got == 0) return bytes;
    if (bytes.size() + static_cast<std::size_t>(got) > kMaxFile)
      return Error{Fault::kMalformed, "too long for a key file"};
    bytes.insert(bytes.end(), piece.begin(), piece.begin() + got);
  }
}

Status overwrite_file(const std::filesystem::path& file) {
  const Descriptor opened(::open(file.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat status{};
  if (!opened.valid() || ::fstat(opened.get(), &status) != 0)
    return Error{Fault::kUnavailable, "an old key could not be overwritten: may it be written?"};
  std::string noise(std::min(static_cast<std::size_t>(status.st_size), kMaxFile), '\0');
  SystemRandom().fill({reinterpret_cast<std::uint8_t*>(noise.data()), noise.size()});
  if (!write_all(opened.get(), noise) || ::fsync(opened.get()) != 0)
    return Error{Fault::kUnavailable, "an old key could not be overwritten"};
  return success();
}

Status destroy_file(const std::filesystem::path& file) {
  RESGUARDO_CHECK(overwrite_file(file));
  if (::unlink(file.c_str()) != 0)
    return Error{Fault::kUnavailable, "an old key could not be removed"};
  return sync_directory(file.parent_path());
}

}  // namespace resguardo::open
