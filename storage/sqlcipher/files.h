// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "crypto/base/clock.h"
#include "crypto/base/result.h"

namespace resguardo::storage {

// Names inside a store's directory.
std::filesystem::path reports_file(const std::filesystem::path& directory);
std::filesystem::path slots_file(const std::filesystem::path& directory);
// Where a rekey writes; the report store lies there until the next start (docs/adr/136).
std::filesystem::path reports_next_file(const std::filesystem::path& directory);
std::filesystem::path reports_copy_file(const std::filesystem::path& directory);  // for a backup
std::filesystem::path journal_file(const std::filesystem::path& directory, Day day);
// The journal of `day` while it is being made: it gets the name above when it is whole.
std::filesystem::path unfinished_journal_file(const std::filesystem::path& directory, Day day);

// The journals that are there, oldest first. More than one that is whole: a turnover was cut short,
// and the newest counts. One that is unfinished never does.
struct Journals {
  std::vector<Day> whole;
  std::vector<Day> unfinished;
};
Result<Journals> find_journals(const std::filesystem::path& directory);

// kUnavailable, with `why`: the disk has no room for so many bytes and what else may want to be
// written meanwhile.
Status room_for(std::uint64_t bytes, const std::filesystem::path& directory, StaticText why);

// A database file with everything SQLite has put beside it; the file itself goes last, so that
// what is left of a removal cut short is still found. Nothing there: nothing to do.
Status remove_database(const std::filesystem::path& file);

}  // namespace resguardo::storage
