// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <stdexcept>
#include <utility>

#include "crypto/base/result.h"

namespace resguardo::testing_support {

// The value of a result that a fixture cannot do without; throws what went wrong, and the test
// that asked for the fixture fails.
template <class T>
T must(Result<T> result) {
  if (!result.ok()) throw std::runtime_error(result.error().why.c_str());
  return std::move(result).value();
}

}  // namespace resguardo::testing_support
