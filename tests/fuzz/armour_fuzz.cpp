// SPDX-License-Identifier: AGPL-3.0-or-later
// Text armour: one text for each value, in both directions, for every kind.
#include "crypto/format/armour.h"
#include "tests/fuzz/require.h"

using namespace resguardo;
using fuzzing::require;

namespace {

constexpr std::array kKinds = {
    ArmourKind::kLockedKey, ArmourKind::kMember,        ArmourKind::kEpochList,
    ArmourKind::kRoster,    ArmourKind::kRosterDraft,   ArmourKind::kAcknowledgement,
    ArmourKind::kRootShare, ArmourKind::kQuorumRequest, ArmourKind::kQuorumGrant};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  int accepted = 0;
  for (const ArmourKind kind : kKinds) {
    const std::string text = armour(kind, input);
    require(looks_armoured(as_bytes(text)));
    const auto back = dearmour(kind, text);
    require(back.ok() == !input.empty());  // nothing is no content
    require(!back.ok() || equal(*back, input));

    const auto opened = dearmour(kind, as_text(input));
    if (!opened.ok()) continue;
    require(armour(kind, *opened) == as_text(input));
    ++accepted;
  }
  require(accepted <= 1);  // a text is of one kind
  return 0;
}
