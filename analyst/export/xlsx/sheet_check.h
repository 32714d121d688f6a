// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "program/problem.h"

namespace resguardo::analyst {

// What a sheet was given to hold.
struct SheetShape {
  std::string name;
  std::uint64_t rows = 0;
  std::size_t columns = 0;
  std::uint64_t bytes = 0;  // of its rows as XML, but for the last
};

// Reads a workbook that was just written, member by member: each opens, has the checksum that
// stands beside it, and of every sheet all rows are there. Bounded memory. kFailed: it is not
// whole.
program::Outcome<Done> check_sheets(const std::filesystem::path& workbook, const std::string& shown,
                                    std::span<const SheetShape> sheets);

}  // namespace resguardo::analyst
