// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "analyst/export/exporter.h"
#include "analyst/export/tables/table.h"

namespace resguardo::analyst {

// A folder of CSV files (csv.h), one for each table of tables/table.h, and codebook.csv. It appears
// whole or not at all. Bounded memory: the reports are walked once.
class TablesExporter final : public Exporter {
 public:
  program::Outcome<Done> write(const ExportInput& input, ExportFiles& files) const override;
};

// Every row of these tables, in one walk over the reports: each report's rows, table by table.
using TableVisitor = std::function<program::Outcome<Done>(std::size_t table, const TableRow& row)>;
program::Outcome<Done> walk_tables(const ExportInput& input, std::span<const Table> tables,
                                   const TableVisitor& visitor);

// How the manifest calls a cell: "acts.violation" of a report.
CellPlace place_of(const Table& table, const TableColumn& column, const TableRow& row);

}  // namespace resguardo::analyst
