// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/hxl.h"

#include "analyst/export/csv_row.h"
#include "analyst/export/tables/table.h"

namespace resguardo::analyst {
namespace {

using program::at;
using program::Outcome;

const Table& flat() {
  return export_table("incidents_flat");
}

std::vector<pb::HxlColumn> hxl_columns(const Codes& codes, Profile profile) {
  std::vector<pb::HxlColumn> columns;
  for (const pb::HxlColumn& column : codes.all().hxl()) {
    const TableColumn* known = column_of(flat(), column.column());
    if (known == nullptr || is_written(flat(), *known, profile)) columns.push_back(column);
  }
  return columns;
}

Outcome<Done> write_hxl_header(const Codes& codes, ExportFiles& files) {
  files.main().write(kByteOrderMark);
  CsvRow names(files, "(header)");
  CsvRow tags(files, "(header)");
  for (const pb::HxlColumn& column : hxl_columns(codes, files.scope.profile)) {
    RESGUARDO_CHECK(names.cell(column.column(), column.column()));
    RESGUARDO_CHECK(tags.cell(column.column(), column.tag()));
  }
  names.end();
  tags.end();
  return Done{};
}

Outcome<Done> write_hxl_row(const CodedReport& report, const Incident& incident, const Codes& codes,
                            ExportFiles& files) {
  CsvRow row(files, to_hex(report.id.view()));
  for (const pb::HxlColumn& column : hxl_columns(codes, files.scope.profile)) {
    RESGUARDO_TRY(const std::string cell,
                  at("codes", hxl_cell(column.column(), report, incident, codes)));
    if (column_of(flat(), column.column())->type == ColumnType::kNumber)
      row.number(cell);
    else
      RESGUARDO_CHECK(row.cell(column.column(), cell));
  }
  row.end();
  return Done{};
}

}  // namespace

Result<std::string> hxl_cell(std::string_view column, const CodedReport& report,
                             const Incident& incident, const Codes& codes) {
  if (const TableColumn* found = column_of(flat(), column))
    return cell_of(*found, {.report = &report, .codes = &codes, .incident = &incident});
  return Error{Fault::kNotFound, "a column of the table of incidents that nothing fills"};
}

Outcome<Done> HxlExporter::write(const ExportInput& input, ExportFiles& files) const {
  RESGUARDO_CHECK(write_hxl_header(input.codes, files));
  return input.reports([&](const ReportView&, const CodedReport& report) -> Outcome<Done> {
    for (const Incident& incident : report.incidents)
      RESGUARDO_CHECK(write_hxl_row(report, incident, input.codes, files));
    return Done{};
  });
}

}  // namespace resguardo::analyst
