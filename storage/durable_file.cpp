// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/durable_file.h"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace resguardo::storage {
namespace {

class File {
 public:
  File(const std::filesystem::path& path, int flags)
      : handle_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (handle_ >= 0) ::close(handle_);
  }
  bool is_open() const { return handle_ >= 0; }
  int handle() const { return handle_; }

  Status write_all(ByteView content) const {
    while (!content.empty()) {
      const ssize_t written = ::write(handle_, content.data(), content.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return Error{Fault::kUnavailable, "a key file cannot be written"};
      content = content.subspan(static_cast<std::size_t>(written));
    }
    return success();
  }
  Status sync() const {
    if (::fsync(handle_) != 0) return Error{Fault::kUnavailable, "a file cannot be synced"};
    return success();
  }

 private:
  int handle_;
};

Status unlink_synced(const std::filesystem::path& file) {
  if (::unlink(file.c_str()) != 0) return Error{Fault::kUnavailable, "a file cannot be removed"};
  return sync_directory(file.parent_path());
}

}  // namespace

Status sync_directory(const std::filesystem::path& directory) {
  const File folder(directory, O_RDONLY | O_DIRECTORY);
  if (!folder.is_open()) return Error{Fault::kUnavailable, "a folder cannot be opened"};
  return folder.sync();
}

Status write_new_file(const std::filesystem::path& file, ByteView content) {
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) return Error{Fault::kConflict, "the file exists"};
  auto beside = file;
  beside += ".new";
  {
    const File out(beside, O_WRONLY | O_CREAT | O_TRUNC);
    if (!out.is_open()) return Error{Fault::kUnavailable, "a key file cannot be made"};
    RESGUARDO_CHECK(out.write_all(content));
    RESGUARDO_CHECK(out.sync());
  }
  if (::rename(beside.c_str(), file.c_str()) != 0)
    return Error{Fault::kUnavailable, "a key file cannot be put in its place"};
  return sync_directory(file.parent_path());
}

Result<Bytes> read_small_file(const std::filesystem::path& file, std::size_t limit) {
  const File in(file, O_RDONLY);
  if (!in.is_open()) {
    if (errno == ENOENT) return Error{Fault::kNotFound, "the file is not there"};
    return Error{Fault::kUnavailable, "the file cannot be opened"};
  }
  Bytes content(limit + 1);
  std::size_t size = 0;
  while (size < content.size()) {
    const ssize_t got = ::read(in.handle(), content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error{Fault::kUnavailable, "the file cannot be read"};
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > limit) return Error{Fault::kMalformed, "the file is larger than it may be"};
  content.resize(size);
  return content;
}

Status shred_file(const std::filesystem::path& file) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(file, failed);
  if (failed) return Error{Fault::kNotFound, "the file is not there"};
  Bytes noise(static_cast<std::size_t>(size));
  randombytes_buf(noise.data(), noise.size());
  {
    const File out(file, O_WRONLY);
    if (!out.is_open()) return Error{Fault::kUnavailable, "a key file cannot be overwritten"};
    RESGUARDO_CHECK(out.write_all(noise));
    RESGUARDO_CHECK(out.sync());
  }
  return unlink_synced(file);
}

}  // namespace resguardo::storage
