// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <vector>

#include "analyst/export/exporter.h"
#include "tests/support/must.h"

namespace resguardo::testing_support {

// Writes reports by one format without a vault, as `export` does.
inline program::Outcome<Done> write_export(const std::string& format,
                                           const analyst::ExportSource& reports,
                                           const analyst::FormShelf& forms,
                                           analyst::ExportFiles& files) {
  const auto coder = must(analyst::ReportCoder::built_in());
  files.scope.format = format;
  RESGUARDO_CHECK(analyst::make_exporter(format)->write({reports, forms, coder.codes()}, files));
  return files.commit(forms);
}

// The same of reports that are here.
inline program::Outcome<Done> write_export(const std::string& format,
                                           const std::vector<analyst::ReportView>& reports,
                                           const analyst::FormShelf& forms,
                                           analyst::ExportFiles& files) {
  const auto coder = must(analyst::ReportCoder::built_in());
  const analyst::ExportSource source =
      [&](const analyst::ExportVisitor& visit) -> program::Outcome<Done> {
    files.counts = {.reports_before = reports.size(), .reports = reports.size()};
    for (const analyst::ReportView& report : reports)
      RESGUARDO_CHECK(visit(report, coder.code(report, forms)));
    return Done{};
  };
  return write_export(format, source, forms, files);
}

}  // namespace resguardo::testing_support
