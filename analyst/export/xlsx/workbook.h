// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "program/problem.h"

namespace resguardo::analyst {

constexpr std::uint32_t kMaxSheetRows = 1'048'576;

// A workbook that is written row by row, in bounded memory, by libxlsxwriter. Text is text: no
// formulas, no links, nobody's name, no clock; the same rows give the same bytes.
//
// What does not fit into memory lies in files in `scratch` that have no name from the moment they
// are made. What the library does not look at is looked at here: close() reads the whole file again
// (sheet_check.h), so that a disk that was full for a moment leaves no table with a hole in it.
class Workbook {
 public:
  // Over `out`, which exists and is empty; problems call it `shown`.
  static program::Outcome<Workbook> create(const std::filesystem::path& out, std::string shown,
                                           const std::filesystem::path& scratch);
  Workbook(Workbook&&) noexcept;
  Workbook& operator=(Workbook&&) = delete;
  ~Workbook();  // what was not closed is no workbook

  // Its first row stays in view and can be filtered by. At most 31 characters; returns its number.
  program::Outcome<std::size_t> add_sheet(const std::string& name,
                                          std::span<const std::string_view> header);
  // A row below the others of its sheet. kFailed: a sheet has no more.
  struct Cell {
    std::string text;     // harmless already, at most kMaxCell
    bool number = false;  // digits that this program wrote
  };
  program::Outcome<Done> add_row(std::size_t sheet, std::span<const Cell> cells);
  program::Outcome<Done> close();

 private:
  struct State;
  explicit Workbook(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Text of a cell as the format holds it: "_x0041_" would be read as "A".
std::string sheet_text(std::string_view text);

}  // namespace resguardo::analyst
