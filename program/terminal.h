// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace resguardo::program {

bool is_terminal(int descriptor);

// `text` for a person's eyes: what could drive a terminal, reorder a line or hide is written as
// <U+202E>, a byte that is not UTF-8 as <0xFF>. Line breaks are kept only by visible_block.
std::string visible(std::string_view text);
// The same, with line breaks kept and each line after the first indented by `indent` spaces.
std::string visible_block(std::string_view text, std::size_t indent);

// Columns with spaces between; cells are made visible(). Widths count code points.
class Table {
 public:
  explicit Table(std::vector<std::string> header);
  void add(std::vector<std::string> row);
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace resguardo::program
