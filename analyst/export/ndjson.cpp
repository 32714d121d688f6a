// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/ndjson.h"

#include <boost/json.hpp>

#include "analyst/report/report_json.h"
#include "program/json_output.h"

namespace resguardo::analyst {

program::Outcome<Done> NdjsonExporter::write(const ReportSource& reports, const FormShelf& forms,
                                             ExportFiles& files) const {
  return reports([&](const ReportView& report) -> program::Outcome<Done> {
    files.main().write(program::json_line(report_json(report, forms)) + "\n");
    ++files.reports;
    return Done{};
  });
}

}  // namespace resguardo::analyst
