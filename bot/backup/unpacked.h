// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "storage/backup_store.h"
#include "storage/media_folder.h"

namespace resguardo::backup {

// Takes a backup's files as read_backup() gives them: the database and the files of reporters into
// a directory, the small ones into memory. `today` is all that the times of those files say.
// kRefused: a name that no backup has. What lies in the directory may not be used before
// read_backup() has returned, and finish().
class Unpacked final : public storage::BackupSink {
 public:
  Unpacked(std::filesystem::path directory, Day today)
      : directory_(std::move(directory)),
        today_(today),
        media_(storage::media_folder(directory_)) {}
  Status begin(std::string_view name) override;
  Status write(ByteView bytes) override;
  // kMalformed: something is missing. The files are on the disk when it returns.
  Status finish();

  const Bytes& store_key_file() const { return small_.at("keys/store.key"); }
  const Bytes& log_public_key() const { return small_.at("log.pub"); }  // as the file has it

 private:
  Status begin_media(std::string_view name);
  Status keep_media();

  const std::filesystem::path directory_;
  const Day today_;
  storage::MediaFolder media_;
  std::unique_ptr<storage::MediaFile> file_;  // of a reporter, being written
  std::ofstream reports_;
  bool has_reports_ = false;
  std::map<std::string, Bytes, std::less<>> small_;
  Bytes* current_ = nullptr;  // nullptr: reports_
};

}  // namespace resguardo::backup
