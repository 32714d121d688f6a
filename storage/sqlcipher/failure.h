// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "crypto/base/result.h"

namespace resguardo::sqlcipher {

// What a SQLite result code means to a caller.
Error failure_of(int code);

}  // namespace resguardo::sqlcipher
