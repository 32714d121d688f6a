// SPDX-License-Identifier: AGPL-3.0-or-later
// Acknowledgements as the server meets them, and their content without the signature, which is as
// far as a fuzzer gets by itself.
#include "crypto/log/acknowledgement.h"

#include "crypto/format/strict_parse.h"
#include "proto/roster.pb.h"
#include "tests/fuzz/require.h"

using namespace resguardo;
using fuzzing::require;

namespace {

void check_content(ByteView exact) {
  const auto content = read_acknowledgement(exact);
  if (!content.ok()) return;
  require(!content->segments.empty() && content->segments.size() <= kMaxAcknowledged);
  require((content->log_size == 0) != content->log_root.has_value());
  for (std::size_t i = 0; i < content->segments.size(); ++i) {
    const AcknowledgedSegment& segment = content->segments[i];
    require(segment.testimony || segment.identity);
    require(i == 0 || content->segments[i - 1].segment < segment.segment);
  }
  const auto again = acknowledgement_bytes(*content);
  require(again.ok() && equal(*again, exact));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  const ByteView input(data, size);
  if (const auto file = open_acknowledgement(input); file.ok())
    require(!file->content.segments.empty());
  check_content(input);
  if (const auto message = parse_strict<pb::SignedMessage>(input); message.ok())
    check_content(as_bytes(message->message()));
  return 0;
}
