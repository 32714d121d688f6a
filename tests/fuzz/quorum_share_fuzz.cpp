// SPDX-License-Identifier: AGPL-3.0-or-later
// Shares of a quorum: the first piece is a segment's header, each further one a share as the golden
// vectors write it (u32le place, value, commitments). What is taken fits, and too few open nothing.
#include "crypto/open/quorum.h"
#include "tests/fuzz/require.h"

using namespace resguardo;
using fuzzing::require;

namespace {

std::optional<open::QuorumShare> share_of(ByteView piece) {
  if (piece.size() < 36) return std::nullopt;
  std::uint32_t place = 0;
  for (std::size_t i = 4; i > 0; --i) place = place << 8 | piece[i - 1];
  Bytes value = to_bytes(piece.subspan(4, 32));
  return open::QuorumShare{place, SecretBytes::take(value).value(), to_bytes(piece.subspan(36))};
}

void check_stream(const open::QuorumStream& stream, std::vector<ByteView> pieces) {
  std::vector<open::QuorumShare> sound;
  for (const ByteView piece : pieces) {
    auto share = share_of(piece);
    if (share && stream.check(*share).ok()) sound.push_back(std::move(*share));
  }
  std::vector<const open::QuorumShare*> all;
  std::size_t wanted = 0;
  for (const auto& share : sound) {
    require(share.place < stream.seats().size());
    all.push_back(&share);
  }
  for (const std::uint32_t more : stream.missing(all)) wanted += more;
  require(!stream.combine({}).ok());
  require(!stream.combine(all).ok() || wanted == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  fuzzing::Pieces pieces(ByteView(data, size));
  const ByteView header = pieces.next();
  std::vector<ByteView> shares;
  while (!pieces.done() && shares.size() < 64) shares.push_back(pieces.next());
  for (const StreamId which : kStreams) {
    const auto stream = open::QuorumStream::of(header, which);
    if (stream.ok()) check_stream(*stream, shares);
  }
  return 0;
}
