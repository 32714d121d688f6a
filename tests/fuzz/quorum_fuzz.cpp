// SPDX-License-Identifier: AGPL-3.0-or-later
// Requests and grants of a quorum's shares: what is taken is what would be written, and nothing of
// a stranger's opens. What is inside a grant is tried as it is and sealed to the key that opens it.
#include "crypto/format/armour.h"
#include "crypto/format/strict_parse.h"
#include "crypto/open/quorum_files.h"
#include "proto/roster.pb.h"
#include "tests/fuzz/require.h"

using namespace resguardo;
using fuzzing::require;

namespace {

void check_request(ByteView text) {
  const auto request = open::read_request(text);
  if (!request.ok()) return;
  const open::QuorumRequest& asked = request->content;
  require(!asked.items.empty() && asked.items.size() <= open::kMaxQuorumItems);
  require(std::is_sorted(asked.items.begin(), asked.items.end()));
  require(!asked.reason.empty() && asked.reason.size() <= open::kMaxReason);
  require(asked.checkpoint.empty() == asked.origin.empty());
  const auto bytes = dearmour(ArmourKind::kQuorumRequest, as_text(text));
  require(bytes.ok() && armour(ArmourKind::kQuorumRequest, *bytes) == as_text(text));
}

void check_grant(ByteView text) {
  const auto grant = open::read_grant(text);
  if (!grant.ok()) return;
  require(!grant->sealed.empty());
  const auto stranger = open::SecretKey<EpochRole>::generate().value();
  require(!open::open_grant(*grant, stranger).ok());
}

// The same bytes as a message that somebody signed.
Bytes signed_by_somebody(Label label, ByteView message) {
  static const auto somebody = open::SecretKey<AnalystRole>::generate().value();
  pb::SignedMessage wire;
  wire.set_message(to_string(message));
  auto& signature = *wire.add_signatures();
  signature.set_public_key(to_string(somebody.public_key().view()));
  signature.set_signature(to_string(somebody.sign(label, message)));
  return serialize_canonical(wire);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  const ByteView input(data, size);
  check_request(input);
  check_grant(input);
  check_request(as_bytes(
      armour(ArmourKind::kQuorumRequest, signed_by_somebody(Label::kSignQuorumRequest, input))));
  check_grant(as_bytes(
      armour(ArmourKind::kQuorumGrant, signed_by_somebody(Label::kSignQuorumGrant, input))));
  return 0;
}
