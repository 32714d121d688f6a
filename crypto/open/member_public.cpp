// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/member_public.h"

#include "crypto/format/armour.h"
#include "crypto/format/plain_name.h"
#include "crypto/format/strict_parse.h"
#include "crypto/seal/epoch_list.h"

namespace resguardo::open {
namespace {

constexpr std::size_t kMaxMemberText = 65536;

}  // namespace

Result<Bytes> sign_epoch_list(const EpochListPlan& plan, const SecretKey<AnalystRole>& identity) {
  pb::EpochList list;
  list.set_format(1);
  list.set_member_id(plan.member.str());
  list.set_number(plan.number);
  list.set_previous_digest(plan.previous.str());
  for (const auto& [week, key] : plan.keys) {
    auto& entry = *list.add_keys();
    entry.set_week(to_string(week));
    entry.set_x25519(to_string(key.view()));
  }
  if (plan.reserve) list.set_reserve(to_string(plan.reserve->view()));
  const Bytes exact = serialize_canonical(list);

  pb::SignedMessage message;
  message.set_message(to_string(exact));
  auto& signature = *message.add_signatures();
  signature.set_public_key(to_string(identity.public_key().view()));
  signature.set_signature(to_string(identity.sign(Label::kSignEpochList, exact)));
  if (const auto read = verify_epoch_list(message, identity.public_key()); !read.ok())
    return read.error();
  return serialize_canonical(message);
}

std::string MemberPublic::text() const {
  pb::MemberPublic half;
  half.set_format(1);
  half.set_member_id(id.str());
  half.set_label(label);
  half.set_ed25519(to_string(key.view()));
  half.mutable_epoch_list()->ParseFromArray(epoch_list.data(), static_cast<int>(epoch_list.size()));
  return armour(ArmourKind::kMember, serialize_canonical(half));
}

Result<MemberPublic> MemberPublic::parse(ByteView text) {
  if (text.size() > kMaxMemberText)
    return Error{Fault::kMalformed, "too long for a member's public file"};
  RESGUARDO_TRY(const Bytes bytes, dearmour(ArmourKind::kMember, as_text(text)));
  RESGUARDO_TRY(const auto half, parse_strict<pb::MemberPublic>(bytes));
  const auto id = MemberId::from(as_bytes(half.member_id()));
  if (half.format() != 1 || !id || !is_plain_name(half.label()))
    return Error{Fault::kMalformed, "not a member's public file of this version"};
  RESGUARDO_TRY(const auto key, PublicKey<AnalystRole>::from_bytes(as_bytes(half.ed25519())));
  RESGUARDO_TRY(const auto list, verify_epoch_list(half.epoch_list(), key));
  if (list.member != *id) return Error{Fault::kUnauthentic, "the epoch list is for another member"};
  return MemberPublic{*id, half.label(), key, serialize_canonical(half.epoch_list())};
}

}  // namespace resguardo::open
