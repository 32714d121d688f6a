// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>

#include "crypto/base/bytes.h"

namespace resguardo::testing_support {

// A secret as it never stands in memory: a hunt for it must not find what it is looking for.
class Masked {
 public:
  static Masked of(ByteView secret);
  // As it would be if it were `mask` over these bytes already.
  static Masked already(Bytes masked);
  static constexpr std::uint8_t kMask = 0x5a;

  // How often it stands in a writable or closed mapping of this process, the scan's own buffers
  // left out.
  std::size_t copies_in_process() const;

 private:
  explicit Masked(Bytes masked) : masked_(std::move(masked)) {}
  std::size_t count_in(ByteView memory) const;
  Bytes masked_;
};

}  // namespace resguardo::testing_support
