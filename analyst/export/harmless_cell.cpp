// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>

#include "analyst/export/csv.h"
#include "program/json_output.h"

namespace resguardo::analyst {

constexpr const char* kLongTexts = "long.ndjson";

program::Outcome<std::string> harmless_cell(ExportFiles& files, const CellPlace& place,
                                            std::string_view value) {
  SafeCell safe = safe_cell(value);
  if (safe.formula) files.note({place.row, place.column, "formula"});
  if (safe.characters) files.note({place.row, place.column, "characters"});
  if (safe.cut) {
    files.note({place.row, place.column, "cut"});
    RESGUARDO_TRY(program::OutputFile * side, files.side(kLongTexts));
    side->write(program::json_line(boost::json::object{{"report", place.row},
                                                       {"column", program::json_text(place.column)},
                                                       {"text", program::json_text(value)}}) +
                "\n");
  }
  return std::move(safe.text);
}

}  // namespace resguardo::analyst
