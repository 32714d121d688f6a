// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/segment_chain.h"

#include "crypto/base/hash.h"

namespace resguardo {

SegmentChain SegmentChain::begin(ByteView header) {
  return SegmentChain(sha256(header));
}

void SegmentChain::add(ByteView row) {
  state_ = sha256({state_.view(), row});
}

Digest report_digest(std::span<const Digest> chains, std::span<const Digest> media) {
  Bytes all;
  for (const auto digests : {chains, media})
    for (const Digest& digest : digests)
      all.insert(all.end(), digest.bytes.begin(), digest.bytes.end());
  return sha256(all);
}

}  // namespace resguardo
