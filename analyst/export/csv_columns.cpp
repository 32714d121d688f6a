// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/csv_columns.h"

#include <tuple>

#include "analyst/export/csv.h"
#include "analyst/report/report_json.h"

namespace resguardo::analyst {
namespace {

std::string instance_text(const std::vector<std::uint32_t>& instance) {
  std::string text;
  for (const std::uint32_t step : instance)
    text += (text.empty() ? "[" : ".") + std::to_string(step);
  return text.empty() ? text : text + "]";
}

std::vector<std::uint32_t> instance_of(const pb::Answer& answer) {
  return {answer.instance().begin(), answer.instance().end()};
}

void add_line(std::string& cell, const std::string& line) {
  if (!cell.empty()) cell += '\n';
  cell += line;
}

}  // namespace

std::string CsvColumn::name() const {
  return node + instance_text(instance) + (words ? ":words" : "");
}

CsvColumns::CsvColumns(const FormShelf& forms) {
  std::map<std::tuple<std::string, std::string, Digest>, const FormTexts*> ordered;
  for (const auto& [digest, form] : forms)
    ordered.emplace(std::tuple(form.id(), form.version(), digest), &form);
  for (const auto& [key, form] : ordered) forms_.push_back(form);
}

const CsvColumns::Known* CsvColumns::known(const std::string& node) const {
  if (const auto found = known_.find(node); found != known_.end()) return &found->second;
  for (std::size_t i = 0; i < forms_.size(); ++i)
    if (const auto place = forms_[i]->place(node))
      return &known_.emplace(node, Known{i, *place}).first->second;
  return nullptr;
}

std::vector<CsvColumn> CsvColumns::columns_of(const pb::Answer& answer) const {
  const Known* place = known(answer.node());
  if (place == nullptr) return {};
  CsvColumn column{place->form, place->place, answer.node(), instance_of(answer), false};
  column.words = answer.remark();
  std::vector<CsvColumn> columns = {column};
  if (!answer.raw().empty() && !answer.remark()) {
    column.words = true;
    columns.push_back(std::move(column));
  }
  return columns;
}

void CsvColumns::learn(const ReportView& report) {
  for (const AnswerView& told : report.answers) {
    if (told.state != AnswerState::kCurrent) continue;
    for (CsvColumn& column : columns_of(told.answer))
      if (columns_.size() < kMaxColumns) columns_.insert(std::move(column));
  }
}

std::map<CsvColumn, std::string> CsvColumns::cells(const ReportView& report,
                                                   std::string& other) const {
  std::map<CsvColumn, std::string> cells;
  for (const AnswerView& told : report.answers) {
    if (told.state != AnswerState::kCurrent) continue;
    std::vector<CsvColumn> wanted = columns_of(told.answer);
    if (wanted.empty())
      wanted.push_back({0, 0, told.answer.node(), instance_of(told.answer), told.answer.remark()});
    for (const CsvColumn& column : wanted) {
      const bool raw = column.words && !told.answer.remark();
      const std::string value = raw ? told.answer.raw() : told_value(told);
      if (columns_.contains(column))
        add_line(cells[column], value);
      else
        add_line(other, column.name() + " = " + value);
    }
  }
  return cells;
}

}  // namespace resguardo::analyst
