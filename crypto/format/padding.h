// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>

#include "crypto/base/result.h"
#include "crypto/base/secret_text.h"

namespace resguardo {

// The size classes of records: 256 B, 512 B, 1, 2, 4 KiB, then steps of 4 KiB. The class of a
// length is the smallest that is at least length + 1 (ISO/IEC 7816-4 padding needs one byte).
std::size_t size_class(std::size_t length);

// Pads to `target`, a size class no smaller than size_class(record.size()).
void pad_record(SecretBuffer& record, std::size_t target);

// The length inside `padded`. kMalformed: not a size class, or not padded as pad_record does.
// Both streams of a row share one class, so the reader accepts a larger class than the minimal one
// only if the row's other stream needs it: that is checked where both are known.
Result<std::size_t> unpadded_length(ByteView padded);

}  // namespace resguardo
