// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/ndjson.h"

#include <boost/json.hpp>

#include "analyst/incident/decisions.h"
#include "analyst/report/report_json.h"
#include "data/report_schema.h"
#include "program/json_output.h"

namespace resguardo::analyst {

program::Outcome<Done> NdjsonExporter::write(const ExportInput& input, ExportFiles& files) const {
  RESGUARDO_TRY(program::OutputFile * schema, files.side("schema.json"));
  for (const StaticText& part : data::report_schema) schema->write(part.view());
  return input.reports([&](const ReportView& report, const CodedReport&) -> program::Outcome<Done> {
    boost::json::object object = report_json(report, input.forms);
    if (!report.decisions.empty()) object["decisions"] = decisions_json(report);
    files.main().write(program::json_line(object) + "\n");
    return Done{};
  });
}

}  // namespace resguardo::analyst
