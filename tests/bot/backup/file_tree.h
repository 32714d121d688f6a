// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <string>

#include "storage/backup_store.h"

namespace resguardo::backup {

// What a sink was given, by name.
class FileTree final : public storage::BackupSink {
 public:
  Status begin(std::string_view name) override {
    at_ = &files[std::string(name)];
    return success();
  }
  Status write(ByteView bytes) override {
    at_->append(as_text(bytes));
    return success();
  }
  std::map<std::string, std::string> files;

 private:
  std::string* at_ = nullptr;
};

}  // namespace resguardo::backup
