// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <string>

#include "storage/backup_store.h"
#include "storage/media_losses.h"

namespace resguardo::backup {

// What a sink was given, by name, and how much it was told is lost.
class FileTree final : public storage::BackupSink, public storage::MediaLosses {
 public:
  Status begin(std::string_view name) override {
    at_ = &files[std::string(name)];
    return success();
  }
  Status write(ByteView bytes) override {
    at_->append(as_text(bytes));
    return success();
  }
  void missing() override { ++missing_media; }
  void changed() override { ++changed_media; }

  std::map<std::string, std::string> files;
  int missing_media = 0;
  int changed_media = 0;

 private:
  std::string* at_ = nullptr;
};

}  // namespace resguardo::backup
