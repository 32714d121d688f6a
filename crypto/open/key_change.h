// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "crypto/base/result.h"

// How the files of a key directory are replaced together. Inside crypto/open only.
namespace resguardo::open {

// The files under their names.
namespace key_names {
inline constexpr const char* kIdentity = "identity.key";
inline constexpr const char* kWrapping = "wrapping.key";
inline constexpr const char* kReserve = "reserve.key";
inline constexpr const char* kEpochs = "epochs";
inline constexpr const char* kList = "epoch-list.signed";
inline constexpr const char* kPublic = "public.txt";
inline constexpr const char* kHistory = "lists";  // public.txt as it was before each extension
inline constexpr std::string_view kSuffix = ".key";
}  // namespace key_names

// Other programs of ours wait while one holds a key directory. What a change left that was cut
// short is completed, if it had been decided, or taken away.
class KeyDirectoryLock {
 public:
  // kNotFound: no such directory; kUnavailable: a decided change cannot be completed.
  static Result<KeyDirectoryLock> take(const std::filesystem::path& dir);
  KeyDirectoryLock(KeyDirectoryLock&& other) noexcept : descriptor_(other.descriptor_) {
    other.descriptor_ = -1;
  }
  KeyDirectoryLock& operator=(KeyDirectoryLock&&) = delete;
  ~KeyDirectoryLock();

 private:
  explicit KeyDirectoryLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// New files of a directory that is held. They are written to DIR/next.partial; commit() syncs it
// and names it DIR/next, which decides the change; then each file takes its place, and:
//  - an old wrapping.key that is replaced is overwritten and unlinked,
//  - files in epochs/ that the wrapping key does not lock any more are overwritten and unlinked.
// Cut short anywhere, the directory is as it was before or becomes as it is after.
// WARNING: overwriting is best effort: flash and journals keep copies.
class KeyChange {
 public:
  static Result<KeyChange> begin(const std::filesystem::path& dir);
  Status put(const std::filesystem::path& name, std::string_view text);
  std::filesystem::path path() const;  // where the new files lie until then
  Status commit();

 private:
  explicit KeyChange(std::filesystem::path dir) : dir_(std::move(dir)) {}
  std::filesystem::path dir_;
};

}  // namespace resguardo::open
