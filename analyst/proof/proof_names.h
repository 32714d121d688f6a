// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdio>
#include <string>

namespace resguardo::analyst {

// Names of a proof's numbered files, as proof.h lists them.
inline std::string header_name(std::size_t segment) {
  std::array<char, 64> name{};
  std::snprintf(name.data(), name.size(), "segment-%03zu.header", segment);
  return name.data();
}
inline std::string rows_name(std::size_t segment) {
  std::array<char, 64> name{};
  std::snprintf(name.data(), name.size(), "segment-%03zu.rows", segment);
  return name.data();
}
inline std::string file_digest_name() {
  return "file.sha256";
}
inline std::string record_name(std::size_t segment, std::size_t row, bool identity) {
  std::array<char, 64> name{};
  std::snprintf(name.data(), name.size(), "record-%03zu-%06zu-%s.bin", segment, row,
                identity ? "identity" : "testimony");
  return name.data();
}

}  // namespace resguardo::analyst
