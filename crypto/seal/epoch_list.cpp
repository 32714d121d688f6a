// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/seal/epoch_list.h"

#include <set>

#include "crypto/base/hash.h"
#include "crypto/format/strict_parse.h"

namespace resguardo {
namespace {

Status read_weeks(const pb::EpochList& list, EpochListContent& content) {
  if (list.keys_size() < 1 || static_cast<std::size_t>(list.keys_size()) > kMaxEpochKeys)
    return Error{Fault::kMalformed, "an epoch list has 1 to 160 weeks"};
  for (const auto& entry : list.keys()) {
    const auto week = parse_week(entry.week());
    if (!week) return Error{Fault::kMalformed, "an epoch list names no ISO week"};
    if (!content.keys.empty() && *week <= content.keys.rbegin()->first)
      return Error{Fault::kMalformed, "the weeks of an epoch list do not ascend"};
    const auto key = PublicKey<EpochRole>::from_bytes(as_bytes(entry.x25519()));
    if (!key.ok())
      return Error{Fault::kMalformed, "an epoch list has a week whose key is not a sound key"};
    content.keys.emplace(*week, *key);
  }
  if (list.reserve().empty()) return success();
  const auto reserve = PublicKey<EpochRole>::from_bytes(as_bytes(list.reserve()));
  if (!reserve.ok()) return Error{Fault::kMalformed, "an epoch list's reserve is not a sound key"};
  content.reserve = *reserve;
  return success();
}

// A key that serves two weeks is not gone when one of them is retired.
bool keys_distinct(const EpochListContent& content) {
  std::set<PublicKey<EpochRole>> seen;
  for (const auto& [week, key] : content.keys)
    if (!seen.insert(key).second) return false;
  return !content.reserve || seen.insert(*content.reserve).second;
}

}  // namespace

Result<EpochListContent> read_epoch_list(ByteView exact) {
  RESGUARDO_TRY(const auto list, parse_strict<pb::EpochList>(exact));
  const auto member = MemberId::from(as_bytes(list.member_id()));
  const auto previous = Digest::from(as_bytes(list.previous_digest()));
  if (list.format() != 1 || !member || !previous)
    return Error{Fault::kMalformed, "not an epoch list of this version"};
  if (list.number() == 0 || (list.number() == 1) != (*previous == Digest{}))
    return Error{Fault::kMalformed, "an epoch list's number and previous digest do not agree"};
  EpochListContent content;
  content.member = *member;
  content.number = list.number();
  content.previous = *previous;
  content.digest = blake2b(exact);
  RESGUARDO_CHECK(read_weeks(list, content));
  if (!keys_distinct(content)) return Error{Fault::kMalformed, "an epoch list uses one key twice"};
  return content;
}

Result<EpochListContent> verify_epoch_list(const pb::SignedMessage& list,
                                           const PublicKey<AnalystRole>& signer) {
  if (list.signatures_size() != 1)
    return Error{Fault::kMalformed, "an epoch list has one signature"};
  const auto& signature = list.signatures(0);
  if (!equal(as_bytes(signature.public_key()), signer.view()) ||
      !verify_signature(signer, Label::kSignEpochList, as_bytes(list.message()),
                        as_bytes(signature.signature())))
    return Error{Fault::kUnauthentic, "an epoch list is not signed by the member it is for"};
  return read_epoch_list(as_bytes(list.message()));
}

}  // namespace resguardo
