// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>

#include "crypto/base/bytes.h"

namespace resguardo {

// SHA-256 of what comes piece by piece (hash.h is for what is there at once). Its state, which
// holds a piece of the input, is wiped when it goes. Moves only; not thread-safe.
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();
  void add(ByteView bytes);
  Digest finish();  // once; nothing is added afterwards

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace resguardo
