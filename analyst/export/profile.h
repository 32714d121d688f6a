// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyst/export/tables/table.h"

namespace resguardo::analyst {

// For whom an export is, and so what of each report may be in it (guide, "For whom").
//
//              full     internal     partner                     public
//   direct     there    –            –                           –
//   words      there    –            –                           –
//   sensitive  there    there        –                           –
//   quasi      there    there        weeks, cities               months, areas; k alike, or coarser
//   open       there    there        there                       –, but what k is counted over
//
// Partner and public have other ids than the vault, new ones each time.
enum class Profile : std::uint8_t { kFull, kInternal, kPartner, kPublic };
std::string_view profile_text(Profile profile);
std::optional<Profile> profile_called(std::string_view name);

constexpr std::uint64_t kLeastAlike = 5;  // rows of a public file, in all that is shown of them

// csv and ndjson hold whole reports as they were told: for nobody but their readers.
bool format_fits(std::string_view format, Profile profile);

// Whether a column, and so a table, is written at all; what is not decided here is not.
bool is_written(const Table& table, const TableColumn& column, Profile profile);

// The tables of a profile, in order, with only its columns.
class ProfileTables {
 public:
  explicit ProfileTables(Profile profile);
  std::span<const Table> all() const { return tables_; }

 private:
  std::deque<std::vector<TableColumn>> columns_;
  std::vector<Table> tables_;
};

}  // namespace resguardo::analyst
