// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "deploy/standin/model.h"

namespace resguardo::standin {

// A file that a person sent, as its messenger keeps it until somebody deletes it.
struct SentFile {
  std::string id;
  std::string mime;
  std::shared_ptr<const std::string> bytes;
  std::string sha256;  // base64, as in Meta's webhooks
};

// The messengers' copies of files. signal-cli's daemon has them in a folder, in the clear, where
// only who shares the folder can delete them (gateways.md §1.8). Thread-safe.
class FileShelf {
 public:
  // `folder`: of the daemon; empty: it shares none.
  explicit FileShelf(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // `id` empty: one as the messenger makes them.
  SentFile put(Channel channel, std::string id, const std::string& mime, std::string bytes);
  std::optional<SentFile> find(Channel channel, const std::string& id);
  bool remove(Channel channel, const std::string& id);
  std::vector<std::string> left(Channel channel);

 private:
  bool in_folder(Channel channel) const { return channel == Channel::kSignal && !folder_.empty(); }

  std::filesystem::path folder_;
  std::mutex mutex_;
  std::map<std::pair<Channel, std::string>, SentFile> files_;
  std::uint64_t made_ = 0;
};

}  // namespace resguardo::standin
