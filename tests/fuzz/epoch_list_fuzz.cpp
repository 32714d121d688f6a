// SPDX-License-Identifier: AGPL-3.0-or-later
// Epoch lists and members' public halves: what an analyst sends to whoever makes the roster.
#include <set>

#include "crypto/format/armour.h"
#include "crypto/format/strict_parse.h"
#include "crypto/open/member_public.h"
#include "crypto/seal/epoch_list.h"
#include "proto/roster.pb.h"
#include "tests/fuzz/require.h"

using namespace resguardo;
using fuzzing::require;

namespace {

void check_list(ByteView exact) {
  const auto list = read_epoch_list(exact);
  if (!list.ok()) return;
  require(list->number >= 1 && list->digest == blake2b(exact));
  require((list->number == 1) == (list->previous == Digest{}));
  require(!list->keys.empty() && list->keys.size() <= kMaxEpochKeys);
  std::set<Bytes> keys;
  for (const auto& [week, key] : list->keys) {
    require(keys.insert(to_bytes(key.view())).second);
    require(parse_week(to_string(week)) == week);
  }
  require(!list->reserve || keys.insert(to_bytes(list->reserve->view())).second);
}

void check_member(ByteView text) {
  const auto member = open::MemberPublic::parse(text);
  if (!member.ok()) return;
  require(member->text() == as_text(text));
  const auto list = parse_strict<pb::SignedMessage>(member->epoch_list);
  require(list.ok() && verify_epoch_list(*list, member->key).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  const ByteView input(data, size);
  check_list(input);
  if (const auto list = parse_strict<pb::SignedMessage>(input); list.ok())
    check_list(as_bytes(list->message()));
  check_member(input);
  check_member(as_bytes(armour(ArmourKind::kMember, input)));
  return 0;
}
