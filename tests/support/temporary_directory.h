// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>

namespace resguardo::testing_support {

// A fresh directory that goes with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  explicit TemporaryDirectory(const std::filesystem::path& parent);
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Where files live in memory, for tests that kill processes and sync thousands of times; the usual
// place when there is none. A killed process loses nothing there either.
std::filesystem::path quick_parent();

}  // namespace resguardo::testing_support
