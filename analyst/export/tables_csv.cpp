// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/tables_csv.h"

#include "analyst/export/csv_row.h"
#include "analyst/export/read_me.h"
#include "analyst/export/tables/codebook.h"

namespace resguardo::analyst {
namespace {

using program::Outcome;
using program::OutputFile;

Outcome<OutputFile*> begin_table(const Table& table, ExportFiles& files) {
  RESGUARDO_TRY(OutputFile * out, files.side(std::string(table.name) + ".csv"));
  out->write(kByteOrderMark);
  CsvRow header(files, *out, "(header)");
  for (const TableColumn& column : table.columns)
    RESGUARDO_CHECK(header.cell(std::string(column.code), column.code));
  header.end();
  return out;
}

Outcome<Done> write_table_row(const Table& table, const TableRow& row, OutputFile& out,
                              ExportFiles& files) {
  CsvRow line(files, out, "");
  for (const TableColumn& column : table.columns) {
    const std::string cell = cell_of(column, row);
    if (column.type == ColumnType::kNumber)
      line.number(cell);
    else
      RESGUARDO_CHECK(line.cell(place_of(table, column, row), cell));
  }
  line.end();
  return Done{};
}

Outcome<Done> write_codebook(std::span<const Table> tables, const ExportInput& input,
                             ExportFiles& files) {
  RESGUARDO_TRY(OutputFile * out, files.side("codebook.csv"));
  out->write(kByteOrderMark);
  CsvRow header(files, *out, "(header)");
  for (const std::string_view column : codebook_columns())
    RESGUARDO_CHECK(header.cell(std::string(column), column));
  header.end();
  return codebook(tables, input.forms, input.codes,
                  [&](std::span<const std::string> cells) -> Outcome<Done> {
                    CsvRow line(files, *out, "(codebook)");
                    for (const std::string& cell : cells)
                      RESGUARDO_CHECK(line.cell(CellPlace{"(codebook)", "codebook"}, cell));
                    line.end();
                    return Done{};
                  });
}

Outcome<Done> write_read_me(const ExportInput& input, ExportFiles& files) {
  RESGUARDO_TRY(OutputFile * out, files.side("read_me.csv"));
  out->write(kByteOrderMark);
  CsvRow header(files, *out, "(header)");
  RESGUARDO_CHECK(header.cell("subject", "subject"));
  RESGUARDO_CHECK(header.cell("text", "text"));
  header.end();
  for (const ReadMeLine& line : read_me(files.scope, files.counts, input.forms)) {
    CsvRow row(files, *out, "(read_me)");
    RESGUARDO_CHECK(row.cell("subject", line.subject));
    RESGUARDO_CHECK(row.cell("text", line.text));
    row.end();
  }
  return Done{};
}

}  // namespace

CellPlace place_of(const Table& table, const TableColumn& column, const TableRow& row) {
  return {to_hex(row.report->id.view()), std::string(table.name).append(".").append(column.code)};
}

Outcome<Done> walk_tables(const ExportInput& input, std::span<const Table> tables,
                          const TableVisitor& visitor) {
  return input.reports([&](const ReportView& view, const CodedReport& report) -> Outcome<Done> {
    const TableRow about{.view = &view, .report = &report, .codes = &input.codes};
    for (std::size_t i = 0; i < tables.size(); ++i)
      RESGUARDO_CHECK(tables[i].rows(about, [&](const TableRow& row) { return visitor(i, row); }));
    return Done{};
  });
}

Outcome<Done> TablesExporter::write(const ExportInput& input, ExportFiles& files) const {
  const ProfileTables of_profile(files.scope.profile);
  const auto tables = of_profile.all();
  std::vector<OutputFile*> outs;
  for (const Table& table : tables) {
    RESGUARDO_TRY(OutputFile * out, begin_table(table, files));
    outs.push_back(out);
  }
  RESGUARDO_CHECK(write_codebook(tables, input, files));
  RESGUARDO_CHECK(walk_tables(input, tables, [&](std::size_t i, const TableRow& row) {
    return write_table_row(tables[i], row, *outs[i], files);
  }));
  return write_read_me(input, files);
}

}  // namespace resguardo::analyst
