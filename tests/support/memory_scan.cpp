// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/memory_scan.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "crypto/base/secret_bytes.h"

namespace resguardo::testing_support {
namespace {

constexpr std::uintptr_t kLargestRegion = std::uintptr_t{1}
                                          << 30;  // sanitizers' shadows are larger

}  // namespace

Masked Masked::of(ByteView secret) {
  Bytes masked(secret.size());
  std::ranges::transform(secret, masked.begin(),
                         [](std::uint8_t c) { return static_cast<std::uint8_t>(c ^ kMask); });
  return Masked(std::move(masked));
}

Masked Masked::already(Bytes masked) {
  return Masked(std::move(masked));
}

std::size_t Masked::count_in(ByteView memory) const {
  const auto unmasked = static_cast<std::uint8_t>(masked_[0] ^ kMask);
  std::size_t found = 0;
  while (memory.size() >= masked_.size()) {
    const void* first = std::memchr(memory.data(), unmasked, memory.size() - masked_.size() + 1);
    if (first == nullptr) break;
    memory = memory.subspan(
        static_cast<std::size_t>(static_cast<const std::uint8_t*>(first) - memory.data()));
    std::size_t same = 1;
    while (same < masked_.size() && (memory[same] ^ kMask) == masked_[same]) ++same;
    if (same == masked_.size()) ++found;
    memory = memory.subspan(1);
  }
  return found;
}

std::size_t Masked::copies_in_process() const {
  constexpr std::size_t kPiece = 1 << 20;
  static std::vector<std::uint8_t> piece(kPiece);
  piece.resize(kPiece + masked_.size());
  const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  std::ifstream maps("/proc/self/maps");
  std::size_t found = 0;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream fields(line);  // 7f00-7f01 rw-p ...
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    std::string access;
    fields >> std::hex >> begin >> dash >> end >> access;
    const bool closed = access.starts_with("---");  // keys that nobody reads just now
    if ((!closed && !access.starts_with("rw")) || end - begin > kLargestRegion) continue;
    for (std::uintptr_t at = begin; at < end; at += kPiece) {
      const std::size_t want =
          std::min<std::size_t>(kPiece + masked_.size() - 1, static_cast<std::size_t>(end - at));
      const ssize_t got = ::pread(memory, piece.data(), want, static_cast<off_t>(at));
      if (got > 0) found += count_in({piece.data(), static_cast<std::size_t>(got)});
      wipe(piece);
    }
  }
  ::close(memory);
  return found;
}

}  // namespace resguardo::testing_support
