// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/xlsx.h"

#include <algorithm>
#include <array>

#include "analyst/export/read_me.h"
#include "analyst/export/tables/codebook.h"
#include "analyst/export/tables_csv.h"
#include "analyst/export/xlsx/workbook.h"

namespace resguardo::analyst {
namespace {

using program::Outcome;
using Cells = std::vector<Workbook::Cell>;

constexpr std::array<std::string_view, 2> kReadMeColumns = {"subject", "text"};

// The flat table is the sheet of incidents: a sheet is what people count with.
std::vector<Table> sheets_of(const ProfileTables& written) {
  std::vector<Table> tables;
  for (const Table& table : written.all())
    if (table.name != "incidents") tables.push_back(table);
  return tables;
}

std::string sheet_name(const Table& table) {
  return table.name == "incidents_flat" ? "incidents" : std::string(table.name);
}

Outcome<std::size_t> add_table(const Table& table, Workbook& book) {
  std::vector<std::string_view> header;
  for (const TableColumn& column : table.columns) header.push_back(column.code);
  return book.add_sheet(sheet_name(table), header);
}

Outcome<Done> add_table_row(const Table& table, const TableRow& row, std::size_t sheet,
                            Workbook& book, ExportFiles& files) {
  Cells cells;
  for (const TableColumn& column : table.columns) {
    std::string text = cell_of(column, row);
    const bool number = column.type == ColumnType::kNumber;
    if (!number) {
      RESGUARDO_TRY(text, harmless_cell(files, place_of(table, column, row), text));
    }
    cells.push_back({std::move(text), number});
  }
  return book.add_row(sheet, cells);
}

Outcome<Done> add_texts(const std::string& of, std::span<const std::string> texts,
                        std::size_t sheet, Workbook& book, ExportFiles& files) {
  Cells cells;
  for (const std::string& text : texts) {
    RESGUARDO_TRY(std::string safe, harmless_cell(files, {"(" + of + ")", of}, text));
    cells.push_back({std::move(safe), false});
  }
  return book.add_row(sheet, cells);
}

Outcome<Done> add_codebook(std::span<const Table> tables, const ExportInput& input, Workbook& book,
                           ExportFiles& files) {
  RESGUARDO_TRY(const std::size_t sheet, book.add_sheet("codebook", codebook_columns()));
  return codebook(tables, input.forms, input.codes, [&](std::span<const std::string> cells) {
    return add_texts("codebook", cells, sheet, book, files);
  });
}

Outcome<Done> add_read_me(std::size_t sheet, const ExportInput& input, Workbook& book,
                          ExportFiles& files) {
  for (const ReadMeLine& line : read_me(files.scope, files.counts, input.forms)) {
    const std::array<std::string, 2> texts = {line.subject, line.text};
    RESGUARDO_CHECK(add_texts("read_me", texts, sheet, book, files));
  }
  return Done{};
}

}  // namespace

Outcome<Done> XlsxExporter::write(const ExportInput& input, ExportFiles& files) const {
  RESGUARDO_TRY(const auto scratch, files.scratch());
  RESGUARDO_TRY(Workbook book,
                Workbook::create(files.main().draft(), files.main().path().string(), scratch));
  RESGUARDO_TRY(const std::size_t first, book.add_sheet("read_me", kReadMeColumns));
  const ProfileTables written(files.scope.profile);
  const std::vector<Table> tables = sheets_of(written);
  std::vector<std::size_t> sheets;
  for (const Table& table : tables) {
    RESGUARDO_TRY(const std::size_t sheet, add_table(table, book));
    sheets.push_back(sheet);
  }
  RESGUARDO_CHECK(walk_tables(input, tables, [&](std::size_t i, const TableRow& row) {
    return add_table_row(tables[i], row, sheets[i], book, files);
  }));
  RESGUARDO_CHECK(add_codebook(written.all(), input, book, files));
  RESGUARDO_CHECK(add_read_me(first, input, book, files));
  return book.close();
}

}  // namespace resguardo::analyst
