// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>

#include "crypto/open/segment_reader.h"
#include "proto/envelope.pb.h"

namespace resguardo::open {

// One stream's part of a header, its lengths checked and its digests recomputed.
struct ParsedStream {
  pb::StreamHeader header;
  pb::EnvelopeSet set;
  pb::SegmentContext context;
  Digest set_digest;            // H_set, of the exact bytes
  Digest context_digest;        // H_seg
  std::size_t commitments = 0;  // of a quorum: how many points stand in every envelope
  bool quorum() const { return commitments > 0; }
  const Digest& envelopes_bound_to() const { return quorum() ? context_digest : set_digest; }
};

struct ParsedHeader {
  std::array<ParsedStream, 2> streams;  // by StreamId
  SegmentClaims claims;
  Digest digest;
};

// A header whose parts agree with one another; nothing of it is authentic before a row opens.
Result<ParsedHeader> parse_header(ByteView header);

}  // namespace resguardo::open
