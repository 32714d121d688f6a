// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/backup/unpacked.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>

namespace resguardo::backup {
namespace {

constexpr std::size_t kLargestSmallFile = 4096;
constexpr std::array<std::string_view, 3> kSmallFiles = {"keys/store.key", "keys/log.key",
                                                         "log.pub"};
constexpr std::string_view kReports = "reports.db";
constexpr std::string_view kMedia = "media/";
constexpr Error kCannotUnpack = {Fault::kUnavailable, "the reports cannot be written"};

bool synced_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
  const bool done = descriptor >= 0 && ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  return done;
}

}  // namespace

Status Unpacked::begin(std::string_view name) {
  RESGUARDO_CHECK(keep_media());
  if (name.starts_with(kMedia)) return begin_media(name.substr(kMedia.size()));
  for (const std::string_view known : kSmallFiles)
    if (name == known) {
      const auto [at, fresh] = small_.emplace(std::string(name), Bytes());
      current_ = &at->second;
      return fresh ? success() : Status(Error{Fault::kMalformed, "a file comes twice in it"});
    }
  if (name != kReports || has_reports_)
    return Error{Fault::kRefused, "the backup holds a file that this version does not know"};
  has_reports_ = true;
  current_ = nullptr;
  const auto file = directory_ / kReports;
  const int made = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (made < 0) return kCannotUnpack;
  ::close(made);
  reports_.open(file, std::ios::binary);
  return reports_ ? success() : Status(kCannotUnpack);
}

Status Unpacked::begin_media(std::string_view name) {
  const auto id = storage::media_named(name);
  if (!id) return Error{Fault::kRefused, "the backup holds a file that this version does not know"};
  RESGUARDO_TRY(const auto there, media_.length(*id));
  if (there) return Error{Fault::kMalformed, "a file comes twice in it"};
  RESGUARDO_TRY(file_, media_.begin(*id, today_));
  return success();
}

Status Unpacked::keep_media() {
  if (!file_) return success();
  RESGUARDO_CHECK(file_->keep());
  file_.reset();
  return success();
}

Status Unpacked::write(ByteView bytes) {
  if (file_) return file_->write(bytes);
  if (current_ == nullptr) {
    const std::string_view text = as_text(bytes);
    reports_.write(text.data(), static_cast<std::streamsize>(text.size()));
    return reports_ ? success() : Status(kCannotUnpack);
  }
  if (current_->size() + bytes.size() > kLargestSmallFile)
    return Error{Fault::kMalformed, "a file of the backup is larger than it may be"};
  current_->insert(current_->end(), bytes.begin(), bytes.end());
  return success();
}

Status Unpacked::finish() {
  RESGUARDO_CHECK(keep_media());
  if (!has_reports_ || small_.size() != kSmallFiles.size())
    return Error{Fault::kMalformed, "a file is missing in the backup"};
  reports_.close();
  return reports_ && synced_file(directory_ / kReports) ? success() : Status(kCannotUnpack);
}

}  // namespace resguardo::backup
