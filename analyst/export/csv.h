// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "analyst/export/exporter.h"

namespace resguardo::analyst {

// One row per report, one column per question, for spreadsheets: UTF-8 with a byte order mark,
// CRLF, RFC 4180, every cell quoted. Current answers only; NDJSON has all of them.
//
// Harmless in a spreadsheet: a cell that would be a formula gets an apostrophe before it, control
// and bidirectional characters are shown as <U+202E>, more than 32,767 characters go to a side
// file. The manifest lists each such cell.
class CsvExporter final : public Exporter {
 public:
  program::Outcome<Done> write(const ExportInput& input, ExportFiles& files) const override;
};

// What a spreadsheet's cell may hold.
constexpr std::size_t kMaxCell = 32'767;     // UTF-16 units
constexpr std::size_t kMaxColumns = 16'000;  // spreadsheets end at 16,384

struct SafeCell {
  std::string text;
  bool formula = false;     // an apostrophe was put before it
  bool characters = false;  // something was made visible
  bool cut = false;         // longer than a cell: `text` is its beginning
};
SafeCell safe_cell(std::string_view value);
std::string quoted_cell(std::string_view cell);  // RFC 4180

}  // namespace resguardo::analyst
