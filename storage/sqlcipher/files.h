// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>

#include "crypto/base/clock.h"
#include "crypto/base/result.h"

namespace resguardo::storage {

// Names inside a store's directory.
std::filesystem::path reports_file(const std::filesystem::path& directory);
std::filesystem::path slots_file(const std::filesystem::path& directory);
std::filesystem::path journal_file(const std::filesystem::path& directory, Day day);

// The day of the journal that is there. kMalformed: more than one, a turnover was cut short.
Result<std::optional<Day>> find_journal(const std::filesystem::path& directory);

}  // namespace resguardo::storage
