// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/quorum_files.h"

#include <sodium.h>

#include "crypto/base/hash.h"
#include "crypto/base/secret_text.h"
#include "crypto/format/armour.h"
#include "crypto/format/segment_layout.h"
#include "crypto/format/strict_parse.h"
#include "crypto/seal/polynomial.h"
#include "proto/quorum.pb.h"
#include "proto/roster.pb.h"

namespace resguardo::open {
namespace {

constexpr Error kNoRequest{Fault::kMalformed, "not a request for a quorum's shares"};
constexpr Error kNoGrant{Fault::kMalformed, "not a grant of a quorum's shares"};
constexpr std::int64_t kMaxQuorumDay = 100000;  // in the year 2243
constexpr std::size_t kMaxCheckpoint = 64UL * 1024;

std::string signed_file(ArmourKind kind, Label label, const Bytes& exact,
                        const SecretKey<AnalystRole>& identity) {
  pb::SignedMessage message;
  message.set_message(to_string(exact));
  auto& added = *message.add_signatures();
  added.set_public_key(to_string(identity.public_key().view()));
  added.set_signature(to_string(identity.sign(label, exact)));
  return armour(kind, serialize_canonical(message));
}

struct Opened {
  Bytes exact;
  PublicKey<AnalystRole> signer;
};

Result<Opened> open_signed(ByteView text, ArmourKind kind, Label label, const Error& broken) {
  if (text.size() > kMaxQuorumFile) return broken;
  RESGUARDO_TRY(const Bytes bytes, dearmour(kind, as_text(text)));
  RESGUARDO_TRY(const auto message, parse_strict<pb::SignedMessage>(bytes));
  if (message.signatures_size() != 1) return broken;
  const auto& signature = message.signatures(0);
  RESGUARDO_TRY(const auto signer,
                PublicKey<AnalystRole>::from_bytes(as_bytes(signature.public_key())));
  if (!verify_signature(signer, label, as_bytes(message.message()),
                        as_bytes(signature.signature())))
    return Error{Fault::kUnauthentic, "the signature does not fit"};
  return Opened{to_bytes(as_bytes(message.message())), signer};
}

void put_item(const QuorumItem& item, pb::QuorumItem& wire) {
  wire.set_segment(item.segment.str());
  wire.set_compartment(static_cast<pb::Compartment>(item.stream));
}

std::optional<QuorumItem> read_item(const pb::QuorumItem& wire) {
  const auto segment = Digest::from(as_bytes(wire.segment()));
  if (!segment) return std::nullopt;
  return QuorumItem{*segment, wire.compartment() == pb::COMPARTMENT_IDENTITY
                                  ? StreamId::kIdentity
                                  : StreamId::kTestimony};
}

bool sound_day(std::int64_t day) {
  return day >= 0 && day <= kMaxQuorumDay;
}

Bytes request_bytes(const QuorumRequest& request) {
  pb::QuorumRequest wire;
  wire.set_format(1);
  wire.set_request_id(request.id.str());
  wire.set_member_id(request.member.str());
  wire.set_day(request.day.number);
  wire.set_report_id(request.report.str());
  for (const QuorumItem& item : request.items) put_item(item, *wire.add_items());
  wire.set_reason(request.reason);
  wire.set_roster_digest(request.roster.str());
  wire.set_log_origin(request.origin);
  wire.set_checkpoint(request.checkpoint);
  if (request.week) wire.set_week(to_string(*request.week));
  wire.set_x25519(to_string(request.key.view()));
  return serialize_canonical(wire);
}

Status check_request_frame(const pb::QuorumRequest& wire) {
  if (wire.format() != 1)
    return Error{Fault::kMalformed, "a request of another version: use a newer resguardo-analyst"};
  if (!sound_day(wire.day()) || wire.items().empty() ||
      static_cast<std::size_t>(wire.items_size()) > kMaxQuorumItems)
    return kNoRequest;
  if (wire.reason().empty() || wire.reason().size() > kMaxReason ||
      wire.checkpoint().size() > kMaxCheckpoint ||
      wire.checkpoint().empty() != wire.log_origin().empty())
    return kNoRequest;
  return success();
}

Result<std::vector<QuorumItem>> read_items(const pb::QuorumRequest& wire) {
  std::vector<QuorumItem> items;
  for (const auto& one : wire.items()) {
    const auto item = read_item(one);
    if (!item || (!items.empty() && items.back() >= *item)) return kNoRequest;
    items.push_back(*item);
  }
  return items;
}

Result<QuorumRequest> read_request_bytes(ByteView exact) {
  RESGUARDO_TRY(const auto wire, parse_strict<pb::QuorumRequest>(exact));
  RESGUARDO_CHECK(check_request_frame(wire));
  const auto id = SetId::from(as_bytes(wire.request_id()));
  const auto member = MemberId::from(as_bytes(wire.member_id()));
  const auto report = ReportId::from(as_bytes(wire.report_id()));
  const auto roster = Digest::from(as_bytes(wire.roster_digest()));
  if (!id || !member || !report || !roster) return kNoRequest;
  std::optional<Week> week;
  if (!wire.week().empty()) {
    week = parse_week(wire.week());
    if (!week) return kNoRequest;
  }
  RESGUARDO_TRY(const auto key, PublicKey<EpochRole>::from_bytes(as_bytes(wire.x25519())));
  RESGUARDO_TRY(auto items, read_items(wire));
  return QuorumRequest{*id,
                       *member,
                       Day{static_cast<std::int32_t>(wire.day())},
                       *report,
                       std::move(items),
                       wire.reason(),
                       *roster,
                       wire.log_origin(),
                       wire.checkpoint(),
                       week,
                       key};
}

// In memory that is wiped: the shares stand in it.
SecretBuffer shares_bytes(const QuorumGrant& grant, const std::vector<GrantedShare>& shares) {
  pb::GrantedShares wire;
  wire.set_format(1);
  wire.set_request_digest(grant.request.str());
  wire.set_member_id(grant.member.str());
  for (const GrantedShare& one : shares) {
    auto& added = *wire.add_shares();
    put_item(one.item, *added.mutable_item());
    added.set_place(one.share.place);
    one.share.value.read([&](ByteView value) { added.set_share(to_string(value)); });
    added.set_commitments(to_string(one.share.commitments));
  }
  Bytes bytes = serialize_canonical(wire);
  SecretBuffer kept{ByteView(bytes)};
  wipe(bytes);
  for (auto& one : *wire.mutable_shares())
    wipe({reinterpret_cast<std::uint8_t*>(one.mutable_share()->data()), one.share().size()});
  return kept;
}

Result<GrantedShare> read_share(pb::GrantedShare& wire) {
  const auto item = read_item(wire.item());
  const std::size_t commitments = wire.commitments().size();
  if (!wire.has_item() || !item || wire.share().size() != kScalarSize || commitments == 0 ||
      commitments % kCommitmentSize != 0 || commitments > kMaxQuorum * kCommitmentSize)
    return kNoGrant;
  RESGUARDO_TRY(auto value,
                SecretBytes::take({reinterpret_cast<std::uint8_t*>(wire.mutable_share()->data()),
                                   wire.share().size()}));
  return GrantedShare{*item,
                      {wire.place(), std::move(value), to_bytes(as_bytes(wire.commitments()))}};
}

}  // namespace

Result<std::string> request_file(const QuorumRequest& request,
                                 const SecretKey<AnalystRole>& identity) {
  const Bytes exact = request_bytes(request);
  std::string text =
      signed_file(ArmourKind::kQuorumRequest, Label::kSignQuorumRequest, exact, identity);
  if (const auto read = read_request(as_bytes(text)); !read.ok()) return read.error();
  return text;
}

Result<SignedRequest> read_request(ByteView text) {
  RESGUARDO_TRY(const auto opened, open_signed(text, ArmourKind::kQuorumRequest,
                                               Label::kSignQuorumRequest, kNoRequest));
  RESGUARDO_TRY(auto content, read_request_bytes(opened.exact));
  return SignedRequest{std::move(content), opened.signer, blake2b(opened.exact)};
}

Result<std::string> grant_file(const QuorumGrant& grant, const std::vector<GrantedShare>& shares,
                               const PublicKey<EpochRole>& to,
                               const SecretKey<AnalystRole>& identity) {
  const SecretBuffer plain = shares_bytes(grant, shares);
  Bytes sealed(plain.size() + crypto_box_SEALBYTES);
  if (crypto_box_seal(sealed.data(), plain.view().data(), plain.size(), to.view().data()) != 0)
    return Error{Fault::kRefused, "the request's key cannot be sealed to"};
  pb::QuorumGrant wire;
  wire.set_format(1);
  wire.set_member_id(grant.member.str());
  wire.set_day(grant.day.number);
  wire.set_request_digest(grant.request.str());
  wire.set_roster_digest(grant.roster.str());
  wire.set_sealed(to_string(sealed));
  std::string text = signed_file(ArmourKind::kQuorumGrant, Label::kSignQuorumGrant,
                                 serialize_canonical(wire), identity);
  if (const auto read = read_grant(as_bytes(text)); !read.ok()) return read.error();
  return text;
}

Result<SignedGrant> read_grant(ByteView text) {
  RESGUARDO_TRY(const auto opened,
                open_signed(text, ArmourKind::kQuorumGrant, Label::kSignQuorumGrant, kNoGrant));
  RESGUARDO_TRY(const auto wire, parse_strict<pb::QuorumGrant>(opened.exact));
  const auto member = MemberId::from(as_bytes(wire.member_id()));
  const auto request = Digest::from(as_bytes(wire.request_digest()));
  const auto roster = Digest::from(as_bytes(wire.roster_digest()));
  if (wire.format() != 1 || !member || !request || !roster || !sound_day(wire.day()) ||
      wire.sealed().size() <= crypto_box_SEALBYTES)
    return kNoGrant;
  return SignedGrant{{*member, Day{static_cast<std::int32_t>(wire.day())}, *request, *roster},
                     opened.signer,
                     to_bytes(as_bytes(wire.sealed()))};
}

Result<std::vector<GrantedShare>> open_grant(const SignedGrant& grant,
                                             const SecretKey<EpochRole>& key) {
  SecretBuffer plain(grant.sealed.size() - crypto_box_SEALBYTES);
  const bool opened = key.secret().read([&](ByteView secret) {
    return crypto_box_seal_open(plain.span().data(), grant.sealed.data(), grant.sealed.size(),
                                key.public_key().view().data(), secret.data()) == 0;
  });
  if (!opened) return Error{Fault::kUnauthentic, "the grant is sealed to another key, or changed"};
  RESGUARDO_TRY(auto wire, parse_strict<pb::GrantedShares>(plain.view()));
  if (wire.format() != 1 || wire.shares().empty() ||
      static_cast<std::size_t>(wire.shares_size()) > kMaxQuorumItems)
    return kNoGrant;
  if (!equal(as_bytes(wire.request_digest()), grant.content.request.view()) ||
      !equal(as_bytes(wire.member_id()), grant.content.member.view()))
    return Error{Fault::kUnauthentic, "the shares are of another grant than what holds them"};
  std::vector<GrantedShare> shares;
  for (auto& one : *wire.mutable_shares()) {
    RESGUARDO_TRY(auto share, read_share(one));
    if (!shares.empty() && shares.back().item >= share.item) return kNoGrant;
    shares.push_back(std::move(share));
  }
  return shares;
}

}  // namespace resguardo::open
