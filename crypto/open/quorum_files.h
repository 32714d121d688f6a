// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/base/clock.h"
#include "crypto/open/analyst_keys.h"
#include "crypto/open/quorum_share.h"
#include "crypto/seal/roster.h"

// What members carry to one another on sticks so that several open what none opens alone
// (docs/format.md). Nothing here says whether who signed is a member: the roster does.
namespace resguardo::open {

constexpr std::size_t kMaxQuorumFile = std::size_t{4} << 20U;
constexpr std::size_t kMaxQuorumItems = 1024;
constexpr std::size_t kMaxReason = 1000;  // bytes

// One stream of one segment.
struct QuorumItem {
  Digest segment;
  StreamId stream = StreamId::kIdentity;
  friend auto operator<=>(const QuorumItem&, const QuorumItem&) = default;
};

struct QuorumRequest {
  SetId id;
  MemberId member;
  Day day;
  ReportId report;
  std::vector<QuorumItem> items;  // ascending, at least one
  std::string reason;             // somebody's words
  Digest roster;
  std::string origin;        // with `checkpoint`, or neither
  std::string checkpoint;    // a signed note; not verified here
  std::optional<Week> week;  // of `key`; nothing: it is the reserve
  PublicKey<EpochRole> key;
};
// Signed, armoured. kMalformed: what read_request() would not take.
Result<std::string> request_file(const QuorumRequest& request,
                                 const SecretKey<AnalystRole>& identity);
struct SignedRequest {
  QuorumRequest content;
  PublicKey<AnalystRole> signer;
  Digest digest;  // of the exact message: what grants name
};
// kMalformed: not a request; kUnauthentic: the signature does not fit.
Result<SignedRequest> read_request(ByteView text);

struct GrantedShare {
  QuorumItem item;
  QuorumShare share;
};
struct QuorumGrant {
  MemberId member;
  Day day;
  Digest request;
  Digest roster;
};
// Signed, armoured; the shares sealed to the request's key, so that a stick does not show them.
Result<std::string> grant_file(const QuorumGrant& grant, const std::vector<GrantedShare>& shares,
                               const PublicKey<EpochRole>& to,
                               const SecretKey<AnalystRole>& identity);
struct SignedGrant {
  QuorumGrant content;
  PublicKey<AnalystRole> signer;
  Bytes sealed;
};
Result<SignedGrant> read_grant(ByteView text);
// The shares of it; whether they fit is QuorumStream::check()'s question. kUnauthentic: sealed to
// another key, changed, or put into another's grant.
Result<std::vector<GrantedShare>> open_grant(const SignedGrant& grant,
                                             const SecretKey<EpochRole>& key);

}  // namespace resguardo::open
