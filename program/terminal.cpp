// SPDX-License-Identifier: AGPL-3.0-or-later
#include "program/terminal.h"

#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "program/utf8.h"

namespace resguardo::program {
namespace {

std::string hex(std::uint32_t value, std::size_t digits) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  while (value > 0 || text.size() < digits) {
    text.insert(text.begin(), kDigits[value & 15U]);
    value >>= 4U;
  }
  return text;
}

// One piece of `rest`, made visible, appended to `out`.
void take_visible(std::string_view& rest, std::string& out) {
  const std::string_view before = rest;
  const auto code_point = take_code_point(rest);
  if (!code_point) {
    out += "<0x" + hex(static_cast<std::uint8_t>(rest.front()), 2) + ">";
    rest.remove_prefix(1);
  } else if (is_treacherous(*code_point)) {
    out += "<U+" + hex(*code_point, 4) + ">";
  } else {
    out += before.substr(0, before.size() - rest.size());
  }
}

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<std::uint8_t>(c) & 0xC0U) != 0x80;
  }));
}

}  // namespace

bool is_terminal(int descriptor) {
  return ::isatty(descriptor) == 1;
}

std::string visible(std::string_view text) {
  std::string out;
  while (!text.empty()) take_visible(text, out);
  return out;
}

std::string visible_block(std::string_view text, std::size_t indent) {
  std::string out;
  while (!text.empty()) {
    if (text.front() == '\n') {
      out += "\n" + std::string(indent, ' ');
      text.remove_prefix(1);
    } else {
      take_visible(text, out);
    }
  }
  return out;
}

Table::Table(std::vector<std::string> header) {
  rows_.push_back(std::move(header));
}

void Table::add(std::vector<std::string> row) {
  row.resize(rows_.front().size());
  for (std::string& cell : row) cell = visible(cell);
  rows_.push_back(std::move(row));
}

std::string Table::text() const {
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  std::string out;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line += "  ";
      line += row[i] + std::string(widths[i] - width(row[i]), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace resguardo::program
