// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/files.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <string_view>

#include "storage/durable_file.h"

namespace resguardo::storage {
namespace {

constexpr std::string_view kPrefix = "journal-";
constexpr std::string_view kSuffix = ".db";
constexpr std::string_view kUnfinishedSuffix = ".db.new";
// What else may want to be written while a copy is made.
constexpr std::uint64_t kRoomBeside = std::uint64_t{16} << 20;
// What SQLite may keep beside a database.
constexpr std::array<const char*, 3> kBeside = {"-journal", "-shm", "-wal"};

std::filesystem::path named(const std::filesystem::path& directory, Day day,
                            std::string_view suffix) {
  return directory / std::string(kPrefix).append(to_string(day)).append(suffix);
}

std::optional<Day> day_named(std::string_view name, std::string_view suffix) {
  if (!name.starts_with(kPrefix) || !name.ends_with(suffix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  name.remove_suffix(std::min(suffix.size(), name.size()));
  return parse_day(name);
}

Status remove_if_there(const std::filesystem::path& file) {
  if (::unlink(file.c_str()) == 0 || errno == ENOENT) return success();
  return Error{Fault::kUnavailable, "a database file cannot be removed"};
}

}  // namespace

std::filesystem::path reports_file(const std::filesystem::path& directory) {
  return directory / "reports.db";
}

std::filesystem::path reports_copy_file(const std::filesystem::path& directory) {
  return directory / "reports-copy.db";
}
std::filesystem::path reports_next_file(const std::filesystem::path& directory) {
  return directory / "reports-next.db";
}
std::filesystem::path slots_file(const std::filesystem::path& directory) {
  return directory / "slots";
}

std::filesystem::path journal_file(const std::filesystem::path& directory, Day day) {
  return named(directory, day, kSuffix);
}

std::filesystem::path unfinished_journal_file(const std::filesystem::path& directory, Day day) {
  return named(directory, day, kUnfinishedSuffix);
}

Result<Journals> find_journals(const std::filesystem::path& directory) {
  Journals found;
  std::error_code failed;
  for (std::filesystem::directory_iterator at(directory, failed), end; !failed && at != end;
       at.increment(failed)) {
    const std::string name = at->path().filename().string();
    if (const auto day = day_named(name, kSuffix)) found.whole.push_back(*day);
    if (const auto day = day_named(name, kUnfinishedSuffix)) found.unfinished.push_back(*day);
  }
  if (failed) return Error{Fault::kUnavailable, "the store's directory cannot be read"};
  std::ranges::sort(found.whole);
  std::ranges::sort(found.unfinished);
  return found;
}

Status room_for(std::uint64_t bytes, const std::filesystem::path& directory, StaticText why) {
  std::error_code failed;
  const auto space = std::filesystem::space(directory, failed);
  if (failed) return Error{Fault::kUnavailable, "the room on the disk cannot be read"};
  if (space.available < bytes + kRoomBeside) return Error{Fault::kUnavailable, why};
  return success();
}

Status remove_database(const std::filesystem::path& file) {
  for (const char* beside : kBeside) {
    auto path = file;
    RESGUARDO_CHECK(remove_if_there(path += beside));
  }
  RESGUARDO_CHECK(remove_if_there(file));
  return sync_directory(file.parent_path());
}

}  // namespace resguardo::storage
