// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/watched_file.h"

#include <sys/stat.h>

#include <utility>

namespace resguardo::commands {

bool WatchedFile::changed(const std::filesystem::path& file) {
  struct stat found{};
  if (::stat(file.c_str(), &found) != 0) return false;  // on its way, perhaps
  const Stamp now{found.st_dev, found.st_ino, found.st_size, found.st_mtim.tv_sec,
                  found.st_mtim.tv_nsec};
  if (!known_) known_ = last_ = now;
  const auto before = std::exchange(last_, now);
  if (now == known_ || now != before) return false;
  known_ = now;
  return true;
}

}  // namespace resguardo::commands
