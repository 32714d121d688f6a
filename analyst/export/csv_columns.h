// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "analyst/report/form_texts.h"
#include "analyst/report/report_view.h"

namespace resguardo::analyst {

// A question as a column: in the form's order, then repeats, then the words beside the codes.
struct CsvColumn {
  std::size_t form = 0;   // which of the forms, in the order of their ids and versions
  std::size_t place = 0;  // within it
  std::string node;
  std::vector<std::uint32_t> instance;
  bool words = false;  // what was typed where codes were understood
  friend auto operator<=>(const CsvColumn&, const CsvColumn&) = default;
  std::string name() const;  // node, node[1.2], node:words
};

// The question columns of an export. Questions that are in no form that came along, and what is
// beyond a spreadsheet's width, have none: they go to the column "other_answers".
class CsvColumns {
 public:
  explicit CsvColumns(const FormShelf& forms);
  void learn(const ReportView& report);  // first walk
  const std::set<CsvColumn>& columns() const { return columns_; }

  // The cells of one report by column; `other` collects the rest, one line each.
  std::map<CsvColumn, std::string> cells(const ReportView& report, std::string& other) const;

 private:
  std::vector<CsvColumn> columns_of(const pb::Answer& answer) const;
  struct Known {
    std::size_t form = 0;
    std::size_t place = 0;
  };
  const Known* known(const std::string& node) const;
  std::vector<const FormTexts*> forms_;
  mutable std::map<std::string, Known> known_;
  std::set<CsvColumn> columns_;
};

}  // namespace resguardo::analyst
