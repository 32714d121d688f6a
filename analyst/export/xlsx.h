// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "analyst/export/exporter.h"

namespace resguardo::analyst {

// The tables of tables/table.h as sheets of one workbook, with a sheet that says what they are of
// and a codebook: cell for cell what the CSV files hold, as text. Bounded memory (xlsx/workbook.h);
// what lies on a disk while it is written lies beside the file, and goes.
class XlsxExporter final : public Exporter {
 public:
  program::Outcome<Done> write(const ExportInput& input, ExportFiles& files) const override;
};

}  // namespace resguardo::analyst
