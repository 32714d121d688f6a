// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/html/markup.h"

#include <cmath>

#include "program/print/html.h"
#include "program/terminal.h"

namespace resguardo::analyst {

std::string page_text(std::string_view text) {
  return program::html_escaped(program::visible(text));
}

std::string element(std::string_view tag, const std::string& html, std::string_view attributes) {
  std::string out = "<";
  out += tag;
  if (!attributes.empty()) (out += ' ') += attributes;
  ((((out += '>') += html) += "</") += tag) += '>';
  return out;
}

std::string decimal(double value) {
  const long long tenths = std::llround(value * 10);
  const std::string whole = std::to_string(tenths / 10);
  const long long rest = std::llabs(tenths % 10);
  const std::string sign = tenths < 0 && tenths > -10 ? "-" : "";
  return rest == 0 ? sign + whole : sign + whole + "." + std::to_string(rest);
}

}  // namespace resguardo::analyst
