// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/paths.h"

namespace resguardo::testing_support {

std::filesystem::path source_dir() {
  return RESGUARDO_SOURCE_DIR;
}
std::filesystem::path bin_dir() {
  return RESGUARDO_BIN_DIR;
}

}  // namespace resguardo::testing_support
