// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <array>

#include "analyst/export/tables/cells.h"

namespace resguardo::analyst {
namespace {

constexpr std::string_view kField = "field:";

std::string field_cell(std::string_view field, const TableRow& row) {
  if (row.incident != nullptr) return in_one_cell(values_of(row.incident->fields, field));
  return in_one_cell(values_of(row.report->fields, field));
}

}  // namespace

std::string_view column_type_text(ColumnType type) {
  constexpr std::array<std::string_view, 8> kTexts = {"id",   "code",   "codes", "day",
                                                      "edtf", "number", "text",  "words"};
  return kTexts.at(static_cast<std::size_t>(type));
}

std::string_view column_guard_text(ColumnGuard guard) {
  constexpr std::array<std::string_view, 5> kTexts = {"open", "quasi-identifier", "sensitive",
                                                      "words", "direct-identifier"};
  return kTexts.at(static_cast<std::size_t>(guard));
}

std::span<const Table> export_tables() {
  static const std::array<Table, 9> kTables = {kFlatTable,        kIncidentTable, kActTable,
                                               kPerpetratorTable, kVictimTable,   kSourceTable,
                                               kEvidenceTable,    kCodingTable,   kLinkTable};
  return kTables;
}

const Table& export_table(std::string_view name) {
  const auto tables = export_tables();
  const auto found = std::find_if(tables.begin(), tables.end(),
                                  [&](const Table& table) { return table.name == name; });
  return found == tables.end() ? tables.front() : *found;
}

std::string cell_of(const TableColumn& column, const TableRow& row) {
  if (column.cell != nullptr) return column.cell(row);
  return field_cell(column.labels.substr(kField.size()), row);
}

const TableColumn* column_of(const Table& table, std::string_view code) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                  [&](const TableColumn& column) { return column.code == code; });
  return found == table.columns.end() ? nullptr : &*found;
}

}  // namespace resguardo::analyst
