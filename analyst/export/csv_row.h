// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "analyst/export/csv.h"
#include "analyst/export/exporter.h"

namespace resguardo::analyst {

// What begins a CSV file that spreadsheets read as UTF-8.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Writes one row cell by cell, harmless (csv.h), and notes what had to be changed for that.
class CsvRow {
 public:
  CsvRow(ExportFiles& files, std::string report) : CsvRow(files, files.main(), std::move(report)) {}
  // … into another file of the export.
  CsvRow(ExportFiles& files, program::OutputFile& out, std::string report)
      : files_(files), out_(out), report_(std::move(report)) {}
  program::Outcome<Done> cell(const std::string& column, std::string_view value);
  program::Outcome<Done> cell(const CellPlace& place, std::string_view value);
  // A number that this program wrote itself: as it is, so that a spreadsheet counts with it.
  void number(std::string_view digits);
  void end();

 private:
  ExportFiles& files_;
  program::OutputFile& out_;
  std::string report_;
  std::string line_;
};

}  // namespace resguardo::analyst
