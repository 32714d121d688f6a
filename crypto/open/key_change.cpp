// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/key_change.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "crypto/open/key_files.h"
#include "crypto/open/locked_key.h"

namespace resguardo::open {
namespace {

namespace fs = std::filesystem;
namespace names = key_names;

constexpr const char* kPartial = "next.partial";
constexpr const char* kNext = "next";
constexpr const char* kStale = "stale-";
constexpr Error kStuck{Fault::kUnavailable,
                       "a change of the keys was decided and could not be completed: may the "
                       "directory be written? Run any command with these keys again"};

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

Status move(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return kStuck;
  return success();
}

// The file names in a directory; none if there is no such directory.
Result<std::vector<fs::path>> names_in(const fs::path& dir) {
  std::vector<fs::path> names;
  if (!is_there(dir)) return names;
  std::error_code failed;
  for (fs::directory_iterator it(dir, failed), end; !failed && it != end; it.increment(failed))
    names.push_back(it->path().filename());
  if (failed) return kStuck;
  return names;
}

// The change is decided and the new key lies whole beside it: the old one goes first.
Status replace_wrapping(const fs::path& dir) {
  if (!is_there(dir / kNext / names::kWrapping)) return success();
  RESGUARDO_CHECK(overwrite_file(dir / names::kWrapping));
  RESGUARDO_CHECK(move(dir / kNext / names::kWrapping, dir / names::kWrapping));
  return sync_directory(dir);
}

Status move_all(const fs::path& dir, const char* folder) {
  RESGUARDO_TRY(const auto files, names_in(dir / kNext / folder));
  if (files.empty()) return success();
  if (!is_there(dir / folder) && ::mkdir((dir / folder).c_str(), S_IRWXU) != 0) return kStuck;
  for (const fs::path& name : files)
    RESGUARDO_CHECK(move(dir / kNext / folder / name, dir / folder / name));
  return sync_directory(dir / folder);
}

// Keys that were locked under a wrapping key that is gone, a retired week's: out of epochs/ first,
// so that one that is overwritten half way is not taken for a damaged key.
Status set_stale_aside(const fs::path& dir) {
  const auto notice_of_file = [](const fs::path& file) -> Result<KeyNotice> {
    RESGUARDO_TRY(const Bytes text, read_key_file(file));
    RESGUARDO_TRY(const auto key, LockedKey::parse(text));
    return key.notice();
  };
  const auto wrapping = notice_of_file(dir / names::kWrapping);
  if (!wrapping.ok()) return kStuck;
  RESGUARDO_TRY(const auto files, names_in(dir / names::kEpochs));
  for (const fs::path& name : files) {
    const auto notice = notice_of_file(dir / names::kEpochs / name);
    if (notice.ok() && notice->member == wrapping->member && notice->wrapping != wrapping->wrapping)
      RESGUARDO_CHECK(move(dir / names::kEpochs / name, dir / kNext / (kStale + name.string())));
  }
  RESGUARDO_CHECK(sync_directory(dir / kNext));
  return sync_directory(dir / names::kEpochs);
}

Status destroy_stale(const fs::path& dir) {
  RESGUARDO_TRY(const auto files, names_in(dir / kNext));
  for (const fs::path& name : files)
    if (name.string().starts_with(kStale)) RESGUARDO_CHECK(destroy_file(dir / kNext / name));
  return success();
}

Status complete(const fs::path& dir) {
  RESGUARDO_CHECK(replace_wrapping(dir));
  for (const char* folder : {names::kEpochs, names::kHistory})
    RESGUARDO_CHECK(move_all(dir, folder));
  for (const char* name : {names::kReserve, names::kList, names::kPublic})
    if (is_there(dir / kNext / name)) RESGUARDO_CHECK(move(dir / kNext / name, dir / name));
  RESGUARDO_CHECK(sync_directory(dir));
  RESGUARDO_CHECK(set_stale_aside(dir));
  RESGUARDO_CHECK(destroy_stale(dir));
  std::error_code failed;
  fs::remove_all(dir / kNext, failed);
  if (failed) return kStuck;
  return sync_directory(dir);
}

Status settle(const fs::path& dir) {
  if (is_there(dir / kNext)) RESGUARDO_CHECK(complete(dir));
  std::error_code ignored;  // it holds nothing that matters
  if (is_there(dir / kPartial)) fs::remove_all(dir / kPartial, ignored);
  return success();
}

}  // namespace

Result<KeyDirectoryLock> KeyDirectoryLock::take(const fs::path& dir) {
  const int descriptor = ::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0)
    return Error{Fault::kNotFound, "there is no such key directory, or it cannot be read"};
  KeyDirectoryLock lock(descriptor);
  while (::flock(descriptor, LOCK_EX) != 0)
    if (errno != EINTR) break;  // a file system without locks
  RESGUARDO_CHECK(settle(dir));
  return lock;
}

KeyDirectoryLock::~KeyDirectoryLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<KeyChange> KeyChange::begin(const fs::path& dir) {
  KeyChange change(dir);
  if (::mkdir(change.path().c_str(), S_IRWXU) != 0)
    return Error{Fault::kUnavailable, "the key directory cannot be written"};
  return change;
}

fs::path KeyChange::path() const {
  return dir_ / kPartial;
}

Status KeyChange::put(const fs::path& name, std::string_view text) {
  const fs::path file = path() / name;
  if (!is_there(file.parent_path()) && ::mkdir(file.parent_path().c_str(), S_IRWXU) != 0)
    return Error{Fault::kUnavailable, "the key directory cannot be written"};
  return write_synced(file, text);
}

Status KeyChange::commit() {
  for (const char* folder : {names::kEpochs, names::kHistory})
    if (is_there(path() / folder)) RESGUARDO_CHECK(sync_directory(path() / folder));
  RESGUARDO_CHECK(sync_directory(path()));
  if (::rename(path().c_str(), (dir_ / kNext).c_str()) != 0)
    return Error{Fault::kUnavailable, "the change of the keys could not be decided"};
  RESGUARDO_CHECK(sync_directory(dir_));
  return complete(dir_);
}

}  // namespace resguardo::open
