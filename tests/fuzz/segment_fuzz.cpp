// SPDX-License-Identifier: AGPL-3.0-or-later
// A segment: the first piece is its header, each further one a row. What opens is bound to its row.
#include "crypto/format/padding.h"
#include "crypto/format/segment_layout.h"
#include "crypto/format/strict_parse.h"
#include "crypto/open/segment_header.h"
#include "crypto/open/segment_reader.h"
#include "proto/envelope.pb.h"
#include "tests/fuzz/require.h"

using namespace resguardo;
using fuzzing::require;

namespace {

SecretBytes secret(Bytes bytes) {
  return SecretBytes::take(bytes).value();
}

// The first member of the vectors, with the week's key and as its reserve.
open::AnalystKeys reader() {
  const auto epoch = [] {
    return open::SecretKey<EpochRole>::from_secret(secret(fuzzing::seeded("epoch key 1"))).value();
  };
  MemberId id;
  id.bytes.fill(1);
  open::AnalystKeys keys(id, open::SecretKey<AnalystRole>::generate().value());
  keys.add_epoch(*parse_week("2026-W47"), epoch());
  keys.set_reserve(epoch());
  return keys;
}

void check_header(ByteView header) {
  const auto parsed = open::parse_header(header);
  const auto claims = open::read_claims(header);
  require(parsed.ok() == claims.ok());
  if (!parsed.ok()) return;
  require(parsed->digest == blake2b(header) && claims->report == parsed->claims.report);
  for (const auto& stream : parsed->streams) {
    require(stream.set_digest == blake2b(as_bytes(stream.header.envelope_set())));
    require(stream.header.envelopes_size() == stream.set.members_size());
    require(stream.set.members_size() >= 1 &&
            stream.set.members_size() <= static_cast<int>(kMaxSegmentMembers));
  }
}

void check_opened(const open::OpenedRow& opened, ByteView bytes) {
  const auto row = parse_strict<pb::SealedRow>(bytes);
  require(row.ok());
  const auto is = [](const SecretBuffer& record, const std::string& digest) {
    const auto own = record_digest(record.view());
    return own.ok() && own->str() == digest;
  };
  require(is(opened.testimony, row->testimony_digest()));
  require(is(opened.identity, row->identity_digest()));
  const std::size_t longest = std::max(opened.testimony.size(), opened.identity.size());
  require(row->testimony().size() == size_class(longest) + kRowOverhead);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  static const open::AnalystKeys keys = reader();
  fuzzing::Pieces pieces(ByteView(data, size));
  const ByteView header = pieces.next();
  check_header(header);
  auto segment = open::SegmentReader::begin(header, keys);
  if (!segment.ok()) return 0;
  bool failed = false;
  while (!pieces.done()) {
    const ByteView row = pieces.next();
    const bool ended = segment->finished();
    const auto opened = segment->next(row);
    require(!opened.ok() || (!failed && !ended));  // nothing after a failure or FINAL
    if (opened.ok()) check_opened(*opened, row);
    failed = failed || !opened.ok();
  }
  return 0;
}
