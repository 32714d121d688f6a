// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analyst/export/exporter.h"
#include "analyst/incident/incident.h"

namespace resguardo::analyst {

// One row for each incident, by the Humanitarian Exchange Language 1.1: names of columns, then a
// row of hashtags, both from the codes. CSV as csv.h has it; several codes are joined by '|'.
// Codes, days and places only: nothing in anybody's words, and no pin.
class HxlExporter final : public Exporter {
 public:
  program::Outcome<Done> write(const ExportInput& input, ExportFiles& files) const override;
};

// What one column holds of an incident. kNotFound: there is no such column.
Result<std::string> hxl_cell(std::string_view column, const CodedReport& report,
                             const Incident& incident, const Codes& codes);

}  // namespace resguardo::analyst
