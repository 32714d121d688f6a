// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/files.h"

#include <string>
#include <string_view>

namespace resguardo::storage {
namespace {
constexpr std::string_view kPrefix = "journal-";
constexpr std::string_view kSuffix = ".db";
}  // namespace

std::filesystem::path reports_file(const std::filesystem::path& directory) {
  return directory / "reports.db";
}

std::filesystem::path slots_file(const std::filesystem::path& directory) {
  return directory / "slots";
}

std::filesystem::path journal_file(const std::filesystem::path& directory, Day day) {
  return directory / (std::string(kPrefix) + to_string(day) + std::string(kSuffix));
}

Result<std::optional<Day>> find_journal(const std::filesystem::path& directory) {
  std::optional<Day> found;
  std::error_code failed;
  for (std::filesystem::directory_iterator at(directory, failed), end; !failed && at != end;
       at.increment(failed)) {
    const std::string name = at->path().filename().string();
    std::string_view day = name;
    if (!day.starts_with(kPrefix) || !day.ends_with(kSuffix)) continue;
    day.remove_prefix(kPrefix.size());
    day.remove_suffix(kSuffix.size());
    const auto parsed = parse_day(day);
    if (!parsed) continue;
    if (found) return Error{Fault::kMalformed, "there are two journals: a turnover was cut short"};
    found = parsed;
  }
  if (failed) return Error{Fault::kUnavailable, "the store's directory cannot be read"};
  return found;
}

}  // namespace resguardo::storage
