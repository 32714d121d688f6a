// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "analyst/export/exporter.h"

namespace resguardo::analyst {

// One report per line as report_json() has it: exact, word for word, the same on every machine. Its
// JSON Schema (docs/schemas/report.schema.json) is written beside it: OUT.schema.json.
class NdjsonExporter final : public Exporter {
 public:
  program::Outcome<Done> write(const ExportInput& input, ExportFiles& files) const override;
};

}  // namespace resguardo::analyst
