// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/temporary_directory.h"

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace resguardo::testing_support {

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "resguardo-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
  path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace resguardo::testing_support
