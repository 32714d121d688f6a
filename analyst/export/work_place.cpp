// SPDX-License-Identifier: AGPL-3.0-or-later
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>

#include <cstdint>
#include <fstream>
#include <system_error>

#include "analyst/export/work_folder.h"

namespace resguardo::analyst {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kTmpfs = 0x01021994;
constexpr std::uint64_t kRamfs = 0x858458f6;
constexpr std::uint64_t kEcryptfs = 0xf15f;
constexpr int kDeepest = 8;  // devices upon devices

// It, or everything that it lies on.
bool device_is_encrypted(const fs::path& device, int depth) {
  std::string id;
  std::ifstream(device / "dm" / "uuid") >> id;
  if (id.starts_with("CRYPT-")) return true;
  if (depth == kDeepest) return false;
  std::error_code failed;
  bool any = false;
  for (const auto& below : fs::directory_iterator(device / "slaves", failed)) {
    if (!device_is_encrypted(below.path(), depth + 1)) return false;
    any = true;
  }
  return any && !failed;
}

}  // namespace

WorkPlace work_place(const fs::path& folder, const fs::path& kernel) {
  struct statfs system{};
  struct stat file{};
  if (::statfs(folder.c_str(), &system) != 0 || ::stat(folder.c_str(), &file) != 0)
    return WorkPlace::kDisk;
  const auto type = static_cast<std::uint64_t>(static_cast<std::uint32_t>(system.f_type));
  if (type == kTmpfs || type == kRamfs) return WorkPlace::kMemory;
  const std::string number =
      std::to_string(major(file.st_dev)) + ":" + std::to_string(minor(file.st_dev));
  return type == kEcryptfs || device_is_encrypted(kernel / number, 0) ? WorkPlace::kEncrypted
                                                                      : WorkPlace::kDisk;
}

bool memory_may_reach_a_disk(const fs::path& swaps) {
  std::ifstream in(swaps);
  std::string line;
  std::getline(in, line);  // of titles
  while (std::getline(in, line))
    if (!line.starts_with("/dev/zram") && !line.empty()) return true;
  return false;
}

}  // namespace resguardo::analyst
