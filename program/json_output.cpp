// SPDX-License-Identifier: AGPL-3.0-or-later
#include "program/json_output.h"

#include <boost/json.hpp>
#include <cstdint>

#include "program/utf8.h"

namespace resguardo::program {
namespace {

void append_unit(std::string& out, std::uint32_t unit) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\u";
  for (unsigned shift = 16; shift > 0; shift -= 4) out += kDigits[(unit >> (shift - 4)) & 15U];
}

void append_escape(std::string& out, char32_t code_point) {
  if (code_point <= 0xFFFF) {
    append_unit(out, code_point);
  } else {
    append_unit(out, 0xD800U + ((code_point - 0x10000U) >> 10U));
    append_unit(out, 0xDC00U + ((code_point - 0x10000U) & 0x3FFU));
  }
}

}  // namespace

std::string json_line(const boost::json::value& value) {
  const std::string plain = boost::json::serialize(value);
  std::string out;
  out.reserve(plain.size());
  std::string_view rest = plain;
  while (!rest.empty()) {
    const std::string_view before = rest;
    const auto code_point = take_code_point(rest);
    if (!code_point) {
      append_utf8(out, 0xFFFD);
      rest.remove_prefix(1);
    } else if (*code_point > 0x1F && is_treacherous(*code_point)) {
      append_escape(out, *code_point);  // outside strings JSON has none of these
    } else {
      out += before.substr(0, before.size() - rest.size());
    }
  }
  return out;
}

std::string json_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto code_point = take_code_point(text);
    append_utf8(out, code_point.value_or(0xFFFD));
    if (!code_point) text.remove_prefix(1);
  }
  return out;
}

}  // namespace resguardo::program
