// SPDX-License-Identifier: AGPL-3.0-or-later
// Shares of a root: only what split() could have written is taken, and what joins is the root that
// the shares name.
#include "crypto/format/armour.h"
#include "crypto/open/root_shares.h"
#include "tests/fuzz/require.h"

using namespace resguardo;
using fuzzing::require;

namespace {

void check(ByteView text) {
  auto share = open::RootShare::parse(text);
  if (!share.ok()) return;
  const auto bytes = dearmour(ArmourKind::kRootShare, as_text(text));
  require(bytes.ok() && armour(ArmourKind::kRootShare, *bytes) == as_text(text));
  require(share->index() >= 1 && share->index() <= share->shares());
  require(share->threshold() >= open::kMinThreshold && share->threshold() <= share->shares());
  require(!open::RootShare::together(*share, *share).ok());
  std::vector<open::RootShare> alone;
  alone.push_back(std::move(*share));
  require(!open::RootShare::join(alone).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  const ByteView input(data, size);
  check(input);
  check(as_bytes(armour(ArmourKind::kRootShare, input)));
  return 0;
}
