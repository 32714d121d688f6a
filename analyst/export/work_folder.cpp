// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/work_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include "crypto/base/sha256.h"

namespace resguardo::analyst {
namespace {

namespace fs = std::filesystem;
using program::Outcome;
using program::Problem;

Problem work_problem(const fs::path& path, int error, const char* mend = "") {
  return {path.string(), std::strerror(error), mend};
}

struct Handle {
  int number = -1;
  explicit Handle(int opened) : number(opened) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (number >= 0) ::close(number);
  }
};

bool write_all(int file, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

// Every file and folder below, a folder before what is in it. Links are not followed.
Outcome<std::vector<fs::path>> all_below(const fs::path& dir) {
  std::vector<fs::path> found;
  std::error_code failed;
  auto at = fs::recursive_directory_iterator(dir, failed);
  while (!failed && at != fs::recursive_directory_iterator()) {
    found.push_back(at->path());
    at.increment(failed);
  }
  if (failed) return Problem{dir.string(), failed.message(), "it cannot be looked through"};
  return found;
}

// In its own place, then to nothing; what has no bytes of its own is left to be removed.
Outcome<bool> overwrite(const fs::path& path, RandomSource& random, bool& elsewhere) {
  struct stat facts{};
  if (::lstat(path.c_str(), &facts) != 0) return work_problem(path, errno);
  if (!S_ISREG(facts.st_mode)) return false;
  elsewhere = facts.st_nlink > 1;
  if (::chmod(path.c_str(), 0600) != 0) return work_problem(path, errno);
  const Handle file(::open(path.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC));
  if (file.number < 0) return work_problem(path, errno);
  std::array<std::uint8_t, 65536> noise{};
  for (auto left = static_cast<std::uint64_t>(facts.st_size); left > 0;) {
    const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(left, noise.size()));
    random.fill(noise);
    if (!write_all(file.number, ByteView(noise).first(piece))) return work_problem(path, errno);
    left -= piece;
  }
  if (::fsync(file.number) != 0 || ::ftruncate(file.number, 0) != 0)
    return work_problem(path, errno);
  return true;
}

}  // namespace

Outcome<WorkFolder> WorkFolder::make(const fs::path& dir) {
  if (::mkdir(dir.c_str(), 0700) != 0)
    return work_problem(dir, errno, "give the name of a folder that there is not yet");
  return enter(dir);
}

Outcome<WorkFolder> WorkFolder::enter(const fs::path& dir) {
  WorkFolder folder(dir, ::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (folder.lock_ < 0) return work_problem(dir, errno);
  struct stat facts{};
  if (::fstat(folder.lock_, &facts) != 0) return work_problem(dir, errno);
  if (facts.st_uid != ::geteuid() || (facts.st_mode & 0777) != 0700)
    return Problem{dir.string(), "is not as this program made it: others can enter it",
                   "look who changed it; wipe it by hand if it is yours"};
  if (::flock(folder.lock_, LOCK_EX | LOCK_NB) != 0)
    return Problem{dir.string(), "is in use by another run of this program", "wait for it"};
  return folder;
}

WorkFolder::WorkFolder(WorkFolder&& other) noexcept
    : dir_(std::move(other.dir_)), lock_(std::exchange(other.lock_, -1)) {}

WorkFolder::~WorkFolder() {
  if (lock_ >= 0) ::close(lock_);
}

Outcome<std::size_t> WorkFolder::files() const {
  RESGUARDO_TRY(const auto all, all_below(dir_));
  return static_cast<std::size_t>(std::ranges::count_if(all, [](const fs::path& path) {
    std::error_code ignored;
    return !fs::is_directory(fs::symlink_status(path, ignored));
  }));
}

std::size_t WorkFolder::last_number() const {
  std::size_t last = 0;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(dir_, ignored)) {
    std::string name = entry.path().filename().string();
    if (name.starts_with('.')) name.erase(0, 1);  // one that was cut short
    std::size_t number = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
    if (read.ec == std::errc()) last = std::max(last, number);
  }
  return last;
}

Outcome<bool> WorkFolder::put(const std::string& name, const Content& content,
                              const Before& before) {
  const fs::path draft = dir_ / ("." + name + ".part");
  const Handle file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400));
  if (file.number < 0) return work_problem(draft, errno);
  Sha256 hash;
  const Status opened = content([&](ByteView plain) -> Status {
    hash.add(plain);
    if (write_all(file.number, plain)) return success();
    return Error{Fault::kUnavailable, "there is no room for the file"};
  });
  if (!opened.ok()) {
    SystemRandom random;
    bool elsewhere = false;
    RESGUARDO_CHECK(overwrite(draft, random, elsewhere));
    ::unlink(draft.c_str());
    if (opened.error().fault == Fault::kUnavailable) return program::problem(opened.error(), name);
    return false;
  }
  RESGUARDO_CHECK(before(hash.finish()));
  if (::fsync(file.number) != 0 ||
      ::renameat2(AT_FDCWD, draft.c_str(), AT_FDCWD, (dir_ / name).c_str(), RENAME_NOREPLACE) != 0)
    return work_problem(dir_ / name, errno);
  return true;
}

Outcome<WorkFolder::Wiped> WorkFolder::wipe(RandomSource& random) {
  RESGUARDO_TRY(const auto all, all_below(dir_));
  Wiped wiped;
  for (const fs::path& path : all) {
    bool elsewhere = false;
    RESGUARDO_TRY(const bool had_bytes, overwrite(path, random, elsewhere));
    wiped.files += had_bytes;
    wiped.elsewhere += elsewhere;
  }
  std::error_code failed;
  for (auto path = all.rbegin(); path != all.rend(); ++path) fs::remove(*path, failed);
  if (::fsync(lock_) != 0) return work_problem(dir_, errno);
  if (::rmdir(dir_.c_str()) != 0)
    return work_problem(dir_, errno, "something of it is left: close what uses it, then again");
  const fs::path around = dir_.has_parent_path() ? dir_.parent_path() : fs::path(".");
  const Handle parent(::open(around.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (parent.number < 0 || ::fsync(parent.number) != 0) return work_problem(around, errno);
  if (fs::exists(fs::symlink_status(dir_, failed)))
    return Problem{dir_.string(), "is there again", "who made it?"};
  return wiped;
}

}  // namespace resguardo::analyst
