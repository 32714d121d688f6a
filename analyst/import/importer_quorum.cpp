// SPDX-License-Identifier: AGPL-3.0-or-later
// Streams that only several open: what a bundle brings of them.
#include "analyst/import/importer.h"

namespace resguardo::analyst {

using program::Outcome;

// With the keys that this vault's members made together, where there are some.
Outcome<Done> Importer::begin_reading(const WalkedSegment& walked) {
  std::array<std::optional<SecretBytes>, 2> keys;
  open::StreamKeys combined{};
  for (const StreamId stream : kStreams) {
    const auto index = static_cast<std::size_t>(stream);
    if (walked.claims.policy[index] != PolicyType::kQuorum) continue;
    RESGUARDO_TRY(keys.at(index), program::at("vault", quorum_.key(walked.digest, stream)));
    if (keys.at(index)) combined.at(index) = &*keys.at(index);
  }
  auto reader = open::SegmentReader::begin(walked.head, keys_, combined);
  foreign_ = !reader.ok() && reader.error().fault == Fault::kNotFound;
  if (reader.ok()) reader_.emplace(std::move(reader).value());
  return Done{};
}

// What is sealed for a quorum stays sealed; the member's share of it goes into the vault, where it
// outlives the week's key.
Status Importer::keep_shares() {
  opening_.shares = 0;
  if (!reader_) return success();
  for (const StreamId stream : kStreams) {
    const open::QuorumShare* share = reader_->share(stream);
    if (share == nullptr) continue;
    RESGUARDO_CHECK(quorum_.keep_share(segment_->digest, stream, keys_.member(), *share));
    opening_.shares = static_cast<std::uint8_t>(opening_.shares | stream_bit(stream));
  }
  if (opening_.shares != 0) ++counts_.quorum_segments;
  return success();
}

}  // namespace resguardo::analyst
