// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/media/shared_folder.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace resguardo::media {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFolderName = "attachments";
constexpr std::string_view kPreview = ".preview";
constexpr std::size_t kShortestId = 16;
constexpr std::size_t kLongestId = 128;
constexpr std::size_t kLongestEnding = 16;

bool is_letter_or_digit(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// Without a slash at the end, and with no link in it.
Result<fs::path> real_path(const fs::path& path) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(path, error);
  if (error || !real.is_absolute())
    return Error{Fault::kUnavailable, "is a folder that this user cannot look at"};
  return real.has_filename() ? real : real.parent_path();
}

// Also when they are the same.
bool lies_in(const fs::path& inner, const fs::path& outer) {
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

// A file system's own lost+found is no sign of anybody.
bool is_anothers(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  std::error_code unknown;
  if (fs::is_directory(entry.symlink_status(unknown))) return name != "lost+found";
  return name == "accounts.json" || name == "reports.db";
}

Status holds_attachments_only(const fs::path& folder) {
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error))
    if (is_anothers(*entry))
      return Error{Fault::kRefused, "holds folders or files that are no attachments"};
  if (error) return Error{Fault::kUnavailable, "is a folder that this user cannot read"};
  return success();
}

}  // namespace

bool is_shared_name(std::string_view name) {
  const auto dot = std::min(name.find('.'), name.size());
  const std::string_view id = name.substr(0, dot);
  std::string_view ending = name.substr(dot);
  const bool fits =
      id.size() >= kShortestId && id.size() <= kLongestId &&
      std::ranges::all_of(id, [](char c) { return is_letter_or_digit(c) || c == '_' || c == '-'; });
  if (ending.ends_with(kPreview)) ending.remove_suffix(kPreview.size());
  if (!fits || ending.empty()) return fits;
  ending.remove_prefix(1);
  return !ending.empty() && ending.size() <= kLongestEnding &&
         std::ranges::all_of(ending, is_letter_or_digit);
}

Status remove_shared(const fs::path& folder, const std::string& name) {
  if (!is_shared_name(name))
    return Error{Fault::kRefused, "a file's name is not such as signal-cli gives"};
  std::error_code unknown;
  const auto status = fs::symlink_status(folder / name, unknown);
  if (fs::exists(status) && !fs::is_regular_file(status))
    return Error{Fault::kRefused, "something in signal.attachments_dir is no file"};
  if (::unlink((folder / name).c_str()) == 0 || errno == ENOENT) return success();
  return Error{Fault::kUnavailable, "a file in signal.attachments_dir cannot be deleted"};
}

Result<std::vector<std::string>> list_shared(const fs::path& folder) {
  constexpr std::size_t kMost = 100'000;
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    std::string name = entry->path().filename().string();
    std::error_code unknown;
    const auto status = entry->symlink_status(unknown);
    if (!unknown && fs::is_regular_file(status) && is_shared_name(name) && names.size() < kMost)
      names.push_back(std::move(name));
  }
  if (error) return Error{Fault::kUnavailable, "signal.attachments_dir cannot be read"};
  return names;
}

Status may_remove_in(const fs::path& folder, const std::vector<fs::path>& ours) {
  RESGUARDO_TRY(const fs::path real, real_path(folder));
  if (real.filename() != kFolderName)
    return Error{Fault::kRefused, "is not signal-cli's folder `attachments`"};
  for (const fs::path& one : ours) {
    RESGUARDO_TRY(const fs::path own, real_path(one));
    if (lies_in(real, own) || lies_in(own, real))
      return Error{Fault::kRefused, "is within Resguardo's own files, or holds them"};
  }
  std::error_code error;
  if (!fs::is_directory(real, error)) return Error{Fault::kNotFound, "is no folder"};
  RESGUARDO_CHECK(holds_attachments_only(real));
  if (::access(real.c_str(), R_OK | W_OK | X_OK) != 0)
    return Error{Fault::kUnavailable, "is a folder in which this user cannot delete"};
  return success();
}

}  // namespace resguardo::media
