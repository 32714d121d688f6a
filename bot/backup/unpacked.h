// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "crypto/base/bytes.h"
#include "storage/backup_store.h"

namespace resguardo::backup {

// Takes a backup's files as read_backup() gives them: the databases into a directory, the small
// ones into memory. kRefused: a name that no backup has. What lies in the directory may not be used
// before read_backup() has returned, and finish().
class Unpacked final : public storage::BackupSink {
 public:
  explicit Unpacked(std::filesystem::path directory) : directory_(std::move(directory)) {}
  Status begin(std::string_view name) override;
  Status write(ByteView bytes) override;
  // kMalformed: something is missing. The files are on the disk when it returns.
  Status finish();

  const Bytes& store_key_file() const { return small_.at("keys/store.key"); }
  const Bytes& log_public_key() const { return small_.at("log.pub"); }  // as the file has it

 private:
  std::filesystem::path directory_;
  std::ofstream reports_;
  bool has_reports_ = false;
  std::map<std::string, Bytes, std::less<>> small_;
  Bytes* current_ = nullptr;  // nullptr: reports_
};

}  // namespace resguardo::backup
