// SPDX-License-Identifier: AGPL-3.0-or-later
#include <array>

#include "analyst/export/csv.h"
#include "program/terminal.h"
#include "program/utf8.h"

namespace resguardo::analyst {
namespace {

// What starts a formula, also after spaces and in full width; and what spreadsheets strip first.
bool starts_formula(std::string_view text) {
  constexpr std::array<char32_t, 9> kStarts = {U'=',  U'+',      U'-',      U'@',     U'\t',
                                               U'\n', U'\uFF1D', U'\uFF0B', U'\uFF20'};
  while (!text.empty()) {
    const auto code_point = program::take_code_point(text);
    if (!code_point) return false;
    if (*code_point == U' ' || *code_point == 0xA0 || *code_point == 0x3000) continue;
    for (const char32_t start : kStarts)
      if (*code_point == start) return true;
    return *code_point == 0xFF0D || *code_point == 0x2212;
  }
  return false;
}

// Line breaks become LF, tabs stay, the rest of what acts or hides is written out.
std::string shown(std::string_view value, bool& changed) {
  std::string out;
  out.reserve(value.size());
  while (!value.empty()) {
    const std::string_view before = value;
    const auto code_point = program::take_code_point(value);
    if (!code_point) value.remove_prefix(1);
    const std::string_view piece = before.substr(0, before.size() - value.size());
    const bool kept = code_point && (*code_point == U'\n' || *code_point == U'\t' ||
                                     !program::is_treacherous(*code_point));
    changed = changed || !kept;
    if (kept) {
      out += piece;
    } else if (code_point == U'\r') {
      if (!value.starts_with('\n')) out += '\n';
    } else {
      out += program::visible(piece);
    }
  }
  return out;
}

constexpr std::string_view kCutMark = " […]";

std::string beginning(const std::string& text, std::size_t units) {
  std::string_view rest = text;
  std::size_t used = 0;
  while (!rest.empty()) {
    const std::string_view before = rest;
    if (!program::take_code_point(rest)) rest.remove_prefix(1);
    used += program::utf16_length(before.substr(0, before.size() - rest.size()));
    if (used > units) return text.substr(0, text.size() - before.size());
  }
  return text;
}

}  // namespace

SafeCell safe_cell(std::string_view value) {
  SafeCell cell;
  cell.text = shown(value, cell.characters);
  if (starts_formula(cell.text)) {
    cell.formula = true;
    cell.text.insert(cell.text.begin(), '\'');
  }
  if (program::utf16_length(cell.text) > kMaxCell) {
    cell.cut = true;
    cell.text = beginning(cell.text, kMaxCell - program::utf16_length(kCutMark));
    cell.text += kCutMark;
  }
  return cell;
}

std::string quoted_cell(std::string_view cell) {
  std::string out = "\"";
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

}  // namespace resguardo::analyst
