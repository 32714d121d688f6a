// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "crypto/base/secret_bytes.h"
#include "crypto/base/secret_text.h"

namespace resguardo::gateway {

// A secret that several connections check at once: each use takes a short-lived copy, wiped after.
// Thread-safe.
class SharedSecret {
 public:
  explicit SharedSecret(SecretBytes bytes) : bytes_(std::move(bytes)) {}

  SecretBuffer copy() const;
  // Time depends on the lengths only.
  bool matches(ByteView given) const { return constant_time_equal(copy().view(), given); }
  std::size_t size() const { return bytes_.size(); }

 private:
  SecretBytes bytes_;
};

}  // namespace resguardo::gateway
