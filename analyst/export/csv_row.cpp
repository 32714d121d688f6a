// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/csv_row.h"

namespace resguardo::analyst {

program::Outcome<Done> CsvRow::cell(const std::string& column, std::string_view value) {
  return cell(CellPlace{report_, column}, value);
}

program::Outcome<Done> CsvRow::cell(const CellPlace& place, std::string_view value) {
  RESGUARDO_TRY(const std::string text, harmless_cell(files_, place, value));
  line_ += (line_.empty() ? "" : ",") + quoted_cell(text);
  return Done{};
}

void CsvRow::number(std::string_view digits) {
  line_ += (line_.empty() ? "" : ",") + quoted_cell(digits);
}

void CsvRow::end() {
  out_.write(line_ + "\r\n");
}

}  // namespace resguardo::analyst
