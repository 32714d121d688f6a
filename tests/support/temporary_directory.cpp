// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/temporary_directory.h"

#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace resguardo::testing_support {

TemporaryDirectory::TemporaryDirectory()
    : TemporaryDirectory(std::filesystem::temp_directory_path()) {}

TemporaryDirectory::TemporaryDirectory(const std::filesystem::path& parent) {
  std::string pattern = (parent / "resguardo-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
  path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path quick_parent() {
  constexpr const char* kInMemory = "/dev/shm";
  if (::access(kInMemory, W_OK | X_OK) == 0) return kInMemory;
  return std::filesystem::temp_directory_path();
}

}  // namespace resguardo::testing_support
