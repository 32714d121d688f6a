// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/profile.h"

#include <algorithm>
#include <array>

namespace resguardo::analyst {
namespace {

constexpr std::array<std::string_view, 4> kProfiles = {"full", "internal", "partner", "public"};

// Of the flat table of incidents, and of no other: all of them are what rows must be alike in.
constexpr auto kPublicColumns = std::to_array<std::string_view>(
    {"incident_id", "incident_date", "date_precision", "country", "adm1", "geo_precision",
     "us_link", "hrf_category", "nationality", "gender", "age_band"});

// Open, and yet more than a partner needs: which answers were given, and what was said of the
// report itself.
constexpr auto kNotForPartners = std::to_array<std::string_view>(
    {"because", "consent", "flags", "files", "other_fields", "decided_by", "decided_on"});

template <class List>
bool is_one_of(const List& list, std::string_view code) {
  return std::ranges::find(list, code) != list.end();
}

bool is_for_partners(const Table& table, const TableColumn& column) {
  // A file's hash names it to whoever has it; the other end of a link may be in no export.
  if (table.name == "evidence" || table.name == "links") return false;
  return (column.guard == ColumnGuard::kOpen || column.guard == ColumnGuard::kQuasi) &&
         !is_one_of(kNotForPartners, column.code);
}

}  // namespace

std::string_view profile_text(Profile profile) {
  return kProfiles.at(static_cast<std::size_t>(profile));
}

std::optional<Profile> profile_called(std::string_view name) {
  const auto* const found = std::ranges::find(kProfiles, name);
  if (found == kProfiles.end()) return std::nullopt;
  return static_cast<Profile>(found - kProfiles.begin());
}

bool format_fits(std::string_view format, Profile profile) {
  return profile == Profile::kFull || (format != "csv" && format != "ndjson");
}

bool is_written(const Table& table, const TableColumn& column, Profile profile) {
  switch (profile) {
    case Profile::kFull:
      return true;
    case Profile::kInternal:
      return column.guard != ColumnGuard::kWords && column.guard != ColumnGuard::kDirect;
    case Profile::kPartner:
      return is_for_partners(table, column);
    case Profile::kPublic:
      return table.name == "incidents_flat" && is_one_of(kPublicColumns, column.code);
  }
  return false;
}

ProfileTables::ProfileTables(Profile profile) {
  for (const Table& table : export_tables()) {
    std::vector<TableColumn>& columns = columns_.emplace_back();
    for (const TableColumn& column : table.columns)
      if (is_written(table, column, profile)) columns.push_back(column);
    if (columns.empty()) continue;
    tables_.push_back(table);
    tables_.back().columns = columns;
  }
}

}  // namespace resguardo::analyst
