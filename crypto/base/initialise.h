// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "crypto/base/result.h"

namespace resguardo {

// libsodium's sodium_init(): before any other use of crypto/, once, first thing in main.
// https://doc.libsodium.org/usage
Status initialise_crypto();

}  // namespace resguardo
