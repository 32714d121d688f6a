// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "crypto/base/secret_bytes.h"
#include "crypto/open/locked_key.h"

namespace resguardo::testing_support {

inline SecretBytes secret_of(std::string text) {
  return SecretBytes::take({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}).value();
}

// The least that is accepted: tests unlock often.
inline open::LockCost fast_cost() {
  return {open::LockCost::kMinOps, open::LockCost::kMinMemory};
}

}  // namespace resguardo::testing_support
