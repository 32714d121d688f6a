// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/result.h"

namespace resguardo {

// A log entry (exact bytes of pb::LogEntry) with another day; salt and all else stay. For an entry
// that was made before anybody knew on which day it would be logged: its day was left 0.
// kMalformed: it does not parse.
Result<Bytes> entry_on(ByteView entry, Day day);

}  // namespace resguardo
