// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace resguardo::dialogue {

// What was read out of a person's words. It goes into the seal beside them, never into the state.

// ISO 8601-2 (EDTF) level 1: "2025-03-15", "2025-03~", "2025-03-10/2025-03-16", "2022-22", "XXXX".
struct DateValue {
  std::string edtf;
  std::string precision;  // day, week, month, year, approx, unknown
};
// One place of the gazetteer, beyond doubt. Where there is doubt, the answer's codes name all that
// may be meant, and this is not there.
struct PlaceValue {
  std::string code;
  std::string precision;  // point, site, city, adm2, adm1, country
};
struct MoneyValue {
  std::int64_t minor_units = 0;  // of the currency; where none was said, hundredths
  std::string currency;          // ISO 4217; empty: not said
};
using Value = std::variant<std::monostate, std::int64_t, DateValue, PlaceValue, MoneyValue>;

}  // namespace resguardo::dialogue
