// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>

#include "crypto/base/result.h"
#include "crypto/base/secret_text.h"

namespace resguardo {

// The longest record, and so the largest size class: 256 KiB. A messenger's longest message is a
// quarter of it; media travel in streams of their own.
constexpr std::size_t kMaxSizeClass = std::size_t{256} * 1024;
constexpr std::size_t kMaxRecord = kMaxSizeClass - 1;

// The size classes of records: 256 B, 512 B, 1, 2, 4 KiB, then steps of 4 KiB. The class of a
// length is the smallest that is at least length + 1 (ISO/IEC 7816-4 padding needs one byte).
std::size_t size_class(std::size_t length);

// Whether `size` is a size class a record may have.
bool is_size_class(std::size_t size);

// Pads to `target`. kRefused: no size class, or smaller than size_class(record.size()).
Status pad_record(SecretBuffer& record, std::size_t target);

// The length inside `padded`. kMalformed: not a size class, or not padded as pad_record does.
// Both streams of a row share one class, so the reader accepts a larger class than the minimal one
// only if the row's other stream needs it: that is checked where both are known.
Result<std::size_t> unpadded_length(ByteView padded);
// The same, in a time that says how long the record is: for who reads offline.
Result<std::size_t> unpadded_length_offline(ByteView padded);

}  // namespace resguardo
