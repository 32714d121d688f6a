// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/result.h"
#include "crypto/seal/segment_writer.h"
#include "proto/envelope.pb.h"

namespace resguardo {

// What one stream of a new segment needs of its recipients (protocol.md §3.1, §3.2): the set's
// exact bytes, an envelope for each member, the context, the key's commitment.
//
// Fills `header` but for the secretstream's own header. Writes the segment key K to `key` (32
// bytes of locked memory); the set's secret E is gone when this returns.
Status make_envelopes(const Recipients& recipients, StreamId stream, const SegmentSpec& spec,
                      RandomSource& ids, std::span<std::uint8_t, 32> key, pb::StreamHeader& header);

}  // namespace resguardo
