// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>

#include "crypto/base/bytes.h"
#include "crypto/base/secret_bytes.h"

namespace resguardo::open {

// One member's part of what opens a stream that is sealed for a quorum: what the member's envelope
// holds. Whether it fits is QuorumStream::check()'s question.
struct QuorumShare {
  std::uint32_t place = 0;  // in the set's list, from 0
  SecretBytes value;        // a scalar of ristretto255
  Bytes commitments;        // of all groups, 32 bytes each
};

}  // namespace resguardo::open
