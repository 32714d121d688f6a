// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/base/initialise.h"

#include <sodium.h>

namespace resguardo {

Status initialise_crypto() {
  if (sodium_init() < 0) return Error{Fault::kUnavailable, "libsodium could not start"};
  return success();
}

}  // namespace resguardo
