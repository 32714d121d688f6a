// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <tuple>

namespace resguardo::commands {

// Notices that a file is another one than at the last change. Looks at what the folder says of it,
// not at its content; somebody who copies over it slowly is waited for.
class WatchedFile {
 public:
  // True once for each change, at the first look at which it is as it was at the look before. The
  // first look of all only remembers.
  bool changed(const std::filesystem::path& file);

 private:
  using Stamp = std::tuple<std::uint64_t, std::uint64_t, std::int64_t, std::int64_t, std::int64_t>;
  std::optional<Stamp> known_;
  std::optional<Stamp> last_;
};

}  // namespace resguardo::commands
