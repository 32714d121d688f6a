// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "crypto/base/hash.h"
#include "crypto/format/armour.h"
#include "crypto/format/strict_parse.h"
#include "crypto/seal/roster_content.h"

namespace resguardo {
namespace {

using Roots = std::vector<PublicKey<RootRole>>;

// One signature, or two while the root is being replaced; every one must hold.
Result<Roots> read_signers(const pb::SignedMessage& roster) {
  if (roster.signatures_size() < 1 || roster.signatures_size() > 2)
    return Error{Fault::kMalformed, "a roster has one root signature, or two"};
  Roots signers;
  for (const auto& signature : roster.signatures()) {
    RESGUARDO_TRY(const auto key,
                  PublicKey<RootRole>::from_bytes(as_bytes(signature.public_key())));
    if (!verify_signature(key, Label::kSignRoster, as_bytes(roster.message()),
                          as_bytes(signature.signature())))
      return Error{Fault::kUnauthentic, "a signature on the roster does not fit"};
    if (std::ranges::find(signers, key) != signers.end())
      return Error{Fault::kMalformed, "one root signed the roster twice"};
    signers.push_back(key);
  }
  return signers;
}

// Root signs rosters and nothing else.
Status check_root_apart(const RosterContent& roster, ByteView root) {
  if (roster.keys.contains(to_string(root)))
    return Error{Fault::kMalformed, "the root key is listed as somebody else's"};
  return success();
}

Status read_lists(const pb::RosterFile& file, SignedRoster& result) {
  int at = 0;
  Bytes digests;
  for (const auto& analyst : result.roster.analysts) {
    if (!analyst.active) continue;
    if (at >= file.epoch_lists_size())
      return Error{Fault::kMalformed, "the epoch list of an active analyst is missing"};
    RESGUARDO_TRY(auto list, verify_epoch_list(file.epoch_lists(at), analyst.key));
    if (list.member != analyst.id)
      return Error{Fault::kUnauthentic, "an epoch list is for another member"};
    digests.insert(digests.end(), list.digest.bytes.begin(), list.digest.bytes.end());
    result.lists.push_back(std::move(list));
    ++at;
  }
  if (at != file.epoch_lists_size())
    return Error{Fault::kMalformed, "an epoch list of nobody in the roster"};
  result.lists_digest = blake2b(digests);
  return success();
}

}  // namespace

Result<pb::RosterFile> read_roster_file(ByteView file) {
  if (file.size() > kMaxRosterFile) return Error{Fault::kMalformed, "too long for a roster"};
  Bytes binary;
  if (looks_armoured(file)) {
    if (dearmour(ArmourKind::kRosterDraft, as_text(file)).ok())
      return Error{Fault::kMalformed, "a draft is no roster yet: root has to sign it"};
    RESGUARDO_TRY(binary, dearmour(ArmourKind::kRoster, as_text(file)));
    file = binary;
  }
  RESGUARDO_TRY(auto parsed, parse_strict<pb::RosterFile>(file));
  if (parsed.format() != 1) return Error{Fault::kMalformed, "not a roster file of this version"};
  return parsed;
}

Result<SignedRoster> check_unsigned_roster(const pb::RosterFile& file) {
  SignedRoster result;
  RESGUARDO_TRY(result.roster, read_roster(as_bytes(file.roster().message())));
  RESGUARDO_CHECK(read_lists(file, result));
  return result;
}

Result<SignedRoster> check_roster_file(const pb::RosterFile& file) {
  RESGUARDO_TRY(auto signers, read_signers(file.roster()));
  RESGUARDO_TRY(auto result, check_unsigned_roster(file));
  for (const auto& root : signers) RESGUARDO_CHECK(check_root_apart(result.roster, root.view()));
  result.signers = std::move(signers);
  return result;
}

}  // namespace resguardo
