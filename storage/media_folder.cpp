// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/media_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <mutex>
#include <string>
#include <utility>

#include "crypto/base/sha256.h"
#include "storage/durable_file.h"

namespace resguardo::storage {
namespace {

constexpr std::string_view kUnfinished = ".part";
// What testimonies may want to write while files come in, and how often that is looked at.
constexpr std::uint64_t kRoomForTurns = std::uint64_t{32} << 20;
constexpr std::uint64_t kLookEvery = std::uint64_t{1} << 20;

constexpr Error kNoSuchFile = {Fault::kNotFound, "there is no such file of a reporter"};
constexpr Error kUnreadable = {Fault::kUnavailable, "a file of a reporter cannot be read"};
constexpr Error kUnwritable = {Fault::kUnavailable, "a file of a reporter cannot be written"};
constexpr Error kNoRoom = {Fault::kUnavailable, "the disk has no room for files of reporters"};
constexpr Error kOver = {Fault::kRefused, "the file was kept already, or failed"};

class Descriptor {
 public:
  explicit Descriptor(int handle) : handle_(handle) {}
  Descriptor(Descriptor&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (handle_ >= 0) ::close(handle_);
  }
  bool is_open() const { return handle_ >= 0; }
  int get() const { return handle_; }

 private:
  int handle_;
};

std::string unfinished_name(const MediaId& id) {
  return media_file_name(id).append(kUnfinished);
}

// Who reads a file leaves no trace of it, where the system lets us.
Descriptor open_to_read(const std::filesystem::path& file) {
  constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  const int quiet = ::open(file.c_str(), kFlags | O_NOATIME);
  if (quiet >= 0 || errno != EPERM) return Descriptor(quiet);
  return Descriptor(::open(file.c_str(), kFlags));
}

Result<Descriptor> open_file(const std::filesystem::path& file) {
  Descriptor in = open_to_read(file);
  if (!in.is_open()) return errno == ENOENT ? kNoSuchFile : kUnreadable;
  struct stat about = {};
  if (::fstat(in.get(), &about) != 0 || !S_ISREG(about.st_mode)) return kUnreadable;
  return in;
}

// As much as there is, up to the size of `into`.
Result<std::size_t> read_some(const Descriptor& in, std::span<std::uint8_t> into) {
  std::size_t size = 0;
  while (size < into.size()) {
    const ssize_t got = ::read(in.get(), into.data() + size, into.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return kUnreadable;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  return size;
}

Status unlink_if_there(const std::filesystem::path& file, bool& removed) {
  if (::unlink(file.c_str()) == 0) {
    removed = true;
    return success();
  }
  if (errno == ENOENT) return success();
  return Error{Fault::kUnavailable, "a file of a reporter cannot be removed"};
}

}  // namespace

struct MediaFolder::Held {
  std::mutex mutex;
  std::set<MediaId> ids;
  std::set<MediaId> begun;  // since the last sweep began
};

class MediaFolder::File final : public MediaFile {
 public:
  File(std::filesystem::path folder, const MediaId& id, Day today, std::shared_ptr<Held> held)
      : folder_(std::move(folder)), id_(id), today_(today), held_(std::move(held)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() override {
    if (file_ && !kept_) ::unlink(part().c_str());
    const std::lock_guard lock(held_->mutex);
    held_->ids.erase(id_);
  }

  Status begin() {
    RESGUARDO_CHECK(look_for_room());
    bool removed = false;
    RESGUARDO_CHECK(unlink_if_there(whole(), removed));
    RESGUARDO_CHECK(unlink_if_there(part(), removed));
    Descriptor made(
        ::open(part().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!made.is_open()) return kUnwritable;
    file_.emplace(std::move(made));
    return success();
  }

  Status write(ByteView sealed) override {
    if (over_) return kOver;
    Status done = write_all(sealed);
    over_ = !done.ok();
    return done;
  }

  Status keep() override {
    if (std::exchange(over_, true)) return kOver;
    std::array<timespec, 2> times{};
    for (timespec& one : times)
      one.tv_sec =
          std::chrono::duration_cast<std::chrono::seconds>(start_of(today_).time_since_epoch())
              .count();
    const int handle = file_->get();
    if (::futimens(handle, times.data()) != 0 || ::fsync(handle) != 0) return kUnwritable;
    if (::rename(part().c_str(), whole().c_str()) != 0) return kUnwritable;
    kept_ = true;
    return sync_directory(folder_);
  }

 private:
  std::filesystem::path whole() const { return folder_ / media_file_name(id_); }
  std::filesystem::path part() const { return folder_ / unfinished_name(id_); }

  Status look_for_room() const {
    struct statvfs about = {};
    if (::statvfs(folder_.c_str(), &about) != 0) return kUnwritable;
    const std::uint64_t room = std::uint64_t{about.f_bavail} * about.f_frsize;
    return room < kRoomForTurns ? Status(kNoRoom) : success();
  }

  Status write_all(ByteView sealed) {
    unlooked_ += sealed.size();
    if (unlooked_ >= kLookEvery) {
      RESGUARDO_CHECK(look_for_room());
      unlooked_ = 0;
    }
    while (!sealed.empty()) {
      const ssize_t written = ::write(file_->get(), sealed.data(), sealed.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return kUnwritable;
      sealed = sealed.subspan(static_cast<std::size_t>(written));
    }
    return success();
  }

  const std::filesystem::path folder_;
  const MediaId id_;
  const Day today_;
  const std::shared_ptr<Held> held_;
  std::optional<Descriptor> file_;
  std::uint64_t unlooked_ = 0;
  bool over_ = false;
  bool kept_ = false;
};

MediaFolder::MediaFolder(std::filesystem::path path)
    : path_(std::move(path)), held_(std::make_shared<Held>()) {}

Status MediaFolder::make() const {
  if (::mkdir(path_.c_str(), 0700) == 0) return sync_directory(path_.parent_path());
  if (errno == EEXIST) return success();
  return Error{Fault::kUnavailable, "the folder for files of reporters cannot be made"};
}

Result<std::unique_ptr<MediaFile>> MediaFolder::begin(const MediaId& id, Day today) {
  RESGUARDO_CHECK(make());
  {
    const std::lock_guard lock(held_->mutex);
    if (!held_->ids.insert(id).second)
      return Error{Fault::kConflict, "this file of a reporter is being written"};
    held_->begun.insert(id);
  }
  auto file = std::make_unique<File>(path_, id, today, held_);
  RESGUARDO_CHECK(file->begin());
  return std::unique_ptr<MediaFile>(std::move(file));
}

Result<std::optional<std::uint64_t>> MediaFolder::length(const MediaId& id) const {
  struct stat about = {};
  if (::lstat((path_ / media_file_name(id)).c_str(), &about) != 0) {
    if (errno == ENOENT) return std::optional<std::uint64_t>();
    return kUnreadable;
  }
  if (!S_ISREG(about.st_mode)) return std::optional<std::uint64_t>();
  return std::optional(static_cast<std::uint64_t>(about.st_size));
}

Result<MediaContent> MediaFolder::content(const MediaId& id) const {
  MediaContent content;
  Sha256 hash;
  RESGUARDO_CHECK(chunks(id, [&](std::uint64_t, ByteView sealed) {
    content.bytes += sealed.size();
    hash.add(sealed);
    return success();
  }));
  content.sha256 = hash.finish();
  return content;
}

Status MediaFolder::chunks(const MediaId& id, const MediaStore::ChunkVisitor& visit) const {
  RESGUARDO_TRY(const auto in, open_file(path_ / media_file_name(id)));
  Bytes chunk(kMediaChunk + kMediaChunkOverhead);
  for (std::uint64_t index = 0;; ++index) {
    RESGUARDO_TRY(const std::size_t size, read_some(in, chunk));
    if (size == 0) return success();
    RESGUARDO_CHECK(visit(index, ByteView(chunk).first(size)));
    if (size < chunk.size()) return success();
  }
}

Result<MediaListing> MediaFolder::list() const {
  MediaListing listing;
  std::error_code failed;
  for (std::filesystem::directory_iterator at(path_, failed), end; !failed && at != end;
       at.increment(failed)) {
    std::string name = at->path().filename().string();
    const bool part = name.ends_with(kUnfinished);
    if (part) name.resize(name.size() - kUnfinished.size());
    const auto id = media_named(name);
    if (!id) {
      ++listing.foreign;
    } else {
      (part ? listing.unfinished : listing.files).push_back(*id);
    }
  }
  if (failed && failed != std::errc::no_such_file_or_directory)
    return Error{Fault::kUnavailable, "the folder for files of reporters cannot be read"};
  return listing;
}

std::set<MediaId> MediaFolder::held() const {
  const std::lock_guard lock(held_->mutex);
  return held_->ids;
}

Status MediaFolder::remove(std::span<const MediaId> ids) {
  bool removed = false;
  for (const MediaId& id : ids) {
    RESGUARDO_CHECK(unlink_if_there(path_ / media_file_name(id), removed));
    RESGUARDO_CHECK(unlink_if_there(path_ / unfinished_name(id), removed));
  }
  return removed ? sync_directory(path_) : success();
}

void MediaFolder::start_sweep() {
  const std::lock_guard lock(held_->mutex);
  held_->begun = held_->ids;
}

// Whoever begins one of them waits until it is gone.
Result<std::size_t> MediaFolder::sweep(std::span<const MediaId> ids) {
  std::size_t swept = 0;
  for (const MediaId& id : ids) {
    const std::lock_guard lock(held_->mutex);
    if (held_->begun.contains(id)) continue;
    RESGUARDO_CHECK(remove({&id, 1}));
    ++swept;
  }
  return swept;
}

std::filesystem::path media_folder(const std::filesystem::path& directory) {
  return directory / "media";
}

std::string media_file_name(const MediaId& id) {
  return to_hex(id.view());
}

std::optional<MediaId> media_named(std::string_view name) {
  const auto bytes = parse_hex(name);
  if (!bytes.ok()) return std::nullopt;
  return MediaId::from(*bytes);
}

}  // namespace resguardo::storage
