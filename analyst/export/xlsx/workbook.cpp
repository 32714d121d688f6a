// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/xlsx/workbook.h"

#include <xlsxwriter.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "analyst/export/xlsx/sheet_check.h"

namespace resguardo::analyst {
namespace {

using program::Outcome;
using program::Problem;

constexpr time_t kNoTime = 315'532'800;  // 1980-01-01, as in the archive; 0 would be now
constexpr std::size_t kEscape = 7;       // _x0041_

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_escape(std::string_view text) {
  return text.size() >= kEscape && text.starts_with("_x") && text[6] == '_' &&
         std::all_of(text.begin() + 2, text.begin() + 6, is_hex);
}

}  // namespace

struct Workbook::State {
  std::filesystem::path out;
  std::string shown;
  std::string scratch;
  lxw_workbook* book = nullptr;
  std::vector<lxw_worksheet*> sheets{};
  std::vector<SheetShape> shapes{};
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (book != nullptr) lxw_workbook_free(book);
  }
};

Workbook::Workbook(std::unique_ptr<State> state) : state_(std::move(state)) {}
Workbook::Workbook(Workbook&&) noexcept = default;
Workbook::~Workbook() = default;

Outcome<Workbook> Workbook::create(const std::filesystem::path& out, std::string shown,
                                   const std::filesystem::path& scratch) {
  auto state = std::make_unique<State>();
  state->out = out;
  state->shown = std::move(shown);
  state->scratch = scratch.string();
  lxw_workbook_options options{};
  options.constant_memory = LXW_TRUE;
  options.tmpdir = state->scratch.data();
  state->book = workbook_new_opt(out.c_str(), &options);
  if (state->book == nullptr) return Problem{state->shown, "cannot be begun", ""};
  lxw_doc_properties properties{};
  properties.created = kNoTime;
  if (workbook_set_properties(state->book, &properties) != LXW_NO_ERROR)
    return Problem{state->shown, "cannot be begun", ""};
  return Workbook(std::move(state));
}

Outcome<std::size_t> Workbook::add_sheet(const std::string& name,
                                         std::span<const std::string_view> header) {
  lxw_worksheet* sheet = workbook_add_worksheet(state_->book, name.c_str());
  if (sheet == nullptr)
    return Problem{state_->shown, "has no room for the sheet " + name, "make room"};
  worksheet_freeze_panes(sheet, 1, 0);
  state_->sheets.push_back(sheet);
  state_->shapes.push_back({name, 0, 0});
  std::vector<Cell> cells;
  for (const std::string_view column : header) cells.push_back({std::string(column)});
  RESGUARDO_CHECK(add_row(state_->sheets.size() - 1, cells));
  return state_->sheets.size() - 1;
}

Outcome<Done> Workbook::add_row(std::size_t sheet, std::span<const Cell> cells) {
  SheetShape& shape = state_->shapes.at(sheet);
  if (shape.rows == kMaxSheetRows)
    return Problem{state_->shown, "has more rows of " + shape.name + " than a sheet holds",
                   "--format tables has no such limit, or ask for fewer"};
  const auto row = static_cast<lxw_row_t>(shape.rows++);
  shape.columns = std::max(shape.columns, cells.size());
  lxw_col_t column = 0;
  for (const Cell& cell : cells) {
    const lxw_col_t at = column++;
    if (cell.text.empty()) continue;
    const lxw_error failed =
        cell.number ? worksheet_write_number(state_->sheets[sheet], row, at,
                                             std::strtod(cell.text.c_str(), nullptr), nullptr)
                    : worksheet_write_string(state_->sheets[sheet], row, at,
                                             sheet_text(cell.text).c_str(), nullptr);
    if (failed != LXW_NO_ERROR)
      return Problem{state_->shown, lxw_strerror(failed), "make room and try again"};
  }
  return Done{};
}

Outcome<Done> Workbook::close() {
  for (std::size_t i = 0; i < state_->sheets.size(); ++i) {
    lxw_worksheet* sheet = state_->sheets[i];
    const SheetShape& shape = state_->shapes[i];
    worksheet_autofilter(sheet, 0, 0, static_cast<lxw_row_t>(shape.rows - 1),
                         static_cast<lxw_col_t>(shape.columns - 1));
    // The library writes rows without looking whether they could be written.
    std::FILE* rows = sheet->optimize_tmpfile;
    if (rows == nullptr || std::fflush(rows) != 0 || std::ferror(rows) != 0)
      return Problem{state_->shown, "cannot be written: " + shape.name, "make room and try again"};
    state_->shapes[i].bytes = static_cast<std::uint64_t>(std::ftell(rows));
  }
  const lxw_error failed = workbook_close(std::exchange(state_->book, nullptr));
  if (failed != LXW_NO_ERROR)
    return Problem{state_->shown, lxw_strerror(failed), "make room and try again"};
  return check_sheets(state_->out, state_->shown, state_->shapes);
}

std::string sheet_text(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    if (is_escape(text)) safe += "_x005F";
    safe += text.front();
    text.remove_prefix(1);
  }
  return safe;
}

}  // namespace resguardo::analyst
