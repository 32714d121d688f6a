// SPDX-License-Identifier: AGPL-3.0-or-later
#include "deploy/standin/file_shelf.h"

#include <algorithm>
#include <fstream>
#include <utility>

#include "crypto/base/hash.h"

namespace resguardo::standin {
namespace {

// signal-cli names a file by the server's id and an ending for its type.
std::string ending_of(const std::string& mime) {
  const std::size_t slash = mime.find('/');
  std::string ending = slash == std::string::npos ? "bin" : mime.substr(slash + 1);
  ending.resize(std::min(ending.size(), ending.find_first_of(";+ ")));
  if (ending.size() > 8 || ending.find_first_of(".-") != std::string::npos) ending = "bin";
  return "." + (ending == "jpeg" ? "jpg" : ending);
}

}  // namespace

SentFile FileShelf::put(Channel channel, std::string id, const std::string& mime,
                        std::string bytes) {
  SentFile file;
  file.mime = mime;
  file.sha256 = to_base64(sha256(as_bytes(bytes)).view());
  const std::lock_guard lock(mutex_);
  ++made_;
  if (id.empty())
    id = channel == Channel::kWhatsApp
             ? std::to_string(8811220000 + made_)
             : "Qp8ZrT0a1LkVx3mY" + std::to_string(made_) + ending_of(mime);
  file.id = id;
  if (in_folder(channel)) std::ofstream(folder_ / id, std::ios::binary) << bytes;
  file.bytes = std::make_shared<const std::string>(std::move(bytes));
  files_.insert_or_assign({channel, id}, file);
  return file;
}

std::optional<SentFile> FileShelf::find(Channel channel, const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = files_.find({channel, id});
  if (found == files_.end()) return std::nullopt;
  if (in_folder(channel) && !std::filesystem::exists(folder_ / id)) return std::nullopt;
  return found->second;
}

bool FileShelf::remove(Channel channel, const std::string& id) {
  const std::lock_guard lock(mutex_);
  std::error_code failed;
  if (in_folder(channel)) std::filesystem::remove(folder_ / id, failed);
  return files_.erase({channel, id}) > 0;
}

std::vector<std::string> FileShelf::left(Channel channel) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> ids;
  for (const auto& [key, file] : files_)
    if (key.first == channel &&
        (!in_folder(channel) || std::filesystem::exists(folder_ / key.second)))
      ids.push_back(key.second);
  return ids;
}

}  // namespace resguardo::standin
