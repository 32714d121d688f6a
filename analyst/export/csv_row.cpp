// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/csv_row.h"

#include <boost/json.hpp>

#include "analyst/export/csv.h"
#include "program/json_output.h"

namespace resguardo::analyst {
namespace {

constexpr const char* kLongTexts = "long.ndjson";

}  // namespace

program::Outcome<Done> CsvRow::cell(const std::string& column, std::string_view value) {
  const SafeCell safe = safe_cell(value);
  line_ += (line_.empty() ? "" : ",") + quoted_cell(safe.text);
  if (safe.formula) files_.note({report_, column, "formula"});
  if (safe.characters) files_.note({report_, column, "characters"});
  if (safe.cut) {
    files_.note({report_, column, "cut"});
    RESGUARDO_TRY(program::OutputFile * side, files_.side(kLongTexts));
    side->write(program::json_line(boost::json::object{{"report", report_},
                                                       {"column", program::json_text(column)},
                                                       {"text", program::json_text(value)}}) +
                "\n");
  }
  return Done{};
}

void CsvRow::number(std::string_view digits) {
  line_ += (line_.empty() ? "" : ",") + quoted_cell(digits);
}

void CsvRow::end() {
  files_.main().write(line_ + "\r\n");
}

}  // namespace resguardo::analyst
