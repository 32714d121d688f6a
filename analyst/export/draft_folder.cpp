// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/draft_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

namespace resguardo::analyst {
namespace {

namespace fs = std::filesystem;
using program::Outcome;
using program::Problem;

Problem draft_problem(const fs::path& path, int error) {
  return {path.string(), std::strerror(error), "choose a folder you can write to"};
}

fs::path without_slash(const fs::path& out) {
  return out.has_filename() ? out : out.parent_path();
}

fs::path draft_of(const fs::path& out) {
  return out.parent_path() / ("." + out.filename().string() + ".resguardo-draft");
}

}  // namespace

Outcome<DraftFolder> DraftFolder::create(const fs::path& out) {
  const fs::path target = without_slash(out);
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(target, ignored)))
    return Problem{target.string(), "exists already", "give another name or move it away"};
  const fs::path draft = draft_of(target);
  const bool made = ::mkdir(draft.c_str(), 0700) == 0;
  if (!made && errno != EEXIST) return draft_problem(draft, errno);
  const int lock = ::open(draft.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (lock < 0) return draft_problem(draft, errno);
  DraftFolder folder(made ? draft : fs::path(), target, lock);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0)
    return Problem{draft.string(), "is in use: another export is writing the same files",
                   "wait for it, or give another name"};
  folder.draft_ = draft;
  if (!made) RESGUARDO_CHECK(folder.empty());
  return folder;
}

// Only files, as an export writes them: a folder in it is somebody's.
Outcome<Done> DraftFolder::empty() {
  std::vector<fs::path> left;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(draft_, failed)) {
    if (!fs::is_regular_file(entry.symlink_status())) {
      const std::string where = entry.path().string();
      draft_.clear();
      return Problem{where, "is in the way, and no export made it", "move it away"};
    }
    left.push_back(entry.path());
  }
  for (const fs::path& file : left) fs::remove(file, failed);
  removed_ = left.size();
  return Done{};
}

DraftFolder::DraftFolder(DraftFolder&& other) noexcept
    : draft_(std::exchange(other.draft_, {})),
      out_(std::move(other.out_)),
      lock_(std::exchange(other.lock_, -1)),
      removed_(other.removed_) {}

DraftFolder::~DraftFolder() {
  std::error_code ignored;
  if (!draft_.empty()) fs::remove_all(draft_, ignored);
  if (lock_ >= 0) ::close(lock_);
}

Outcome<Done> DraftFolder::commit() {
  if (::fsync(lock_) != 0) return draft_problem(draft_, errno);
  if (::renameat2(AT_FDCWD, draft_.c_str(), AT_FDCWD, out_.c_str(), RENAME_NOREPLACE) != 0)
    return Problem{out_.string(), std::strerror(errno), "is something there already?"};
  draft_.clear();
  const fs::path around = out_.has_parent_path() ? out_.parent_path() : fs::path(".");
  const int parent = ::open(around.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (parent < 0) return draft_problem(around, errno);
  const int synced = ::fsync(parent) == 0 ? 0 : errno;
  ::close(parent);
  return synced == 0 ? Outcome<Done>(Done{}) : draft_problem(around, synced);
}

}  // namespace resguardo::analyst
