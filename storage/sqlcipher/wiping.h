// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "crypto/base/result.h"

namespace resguardo::sqlcipher {

// Makes OpenSSL and SQLite overwrite memory before they free it (crypto/base/wiping.h). First
// thing in main: kRefused when either library has allocated before, and nothing then says what
// it has left behind. Calling it twice is kRefused too.
Status install_library_wiping();

}  // namespace resguardo::sqlcipher
