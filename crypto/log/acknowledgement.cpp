// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/acknowledgement.h"

#include <algorithm>

#include "crypto/format/armour.h"
#include "crypto/format/strict_parse.h"
#include "crypto/log/checkpoint.h"
#include "proto/ack.pb.h"
#include "proto/roster.pb.h"

namespace resguardo {
namespace {

constexpr Error kBroken{Fault::kMalformed, "not an acknowledgement of this version"};
constexpr std::int64_t kMostDays = 2'932'896;  // 9999-12-31

// As a roster's: no white space, no '+', printable; empty where there is no log.
bool sound_origin(std::string_view origin) {
  constexpr std::size_t kMostOrigin = 255;
  return origin.size() <= kMostOrigin && std::ranges::none_of(origin, [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte <= 0x20 || byte == 0x7f || c == '+';
         });
}

Result<AcknowledgedSegment> read_segment(const pb::AcknowledgedSegment& sent) {
  const auto segment = Digest::from(as_bytes(sent.segment()));
  const auto chain = Digest::from(as_bytes(sent.chain()));
  if (!segment || !chain || sent.compartments().empty()) return kBroken;
  AcknowledgedSegment read{*segment, *chain};
  int before = -1;
  for (const int compartment : sent.compartments()) {
    if (compartment <= before) return kBroken;
    before = compartment;
    (compartment == pb::COMPARTMENT_TESTIMONY ? read.testimony : read.identity) = true;
  }
  return read;
}

Status check_log(const Acknowledgement& content) {
  if ((content.log_size == 0) == content.log_root.has_value()) return kBroken;
  if (content.checkpoint.empty()) return success();
  RESGUARDO_TRY(const auto note, parse_checkpoint(content.checkpoint));
  if (note.checkpoint.origin != content.origin || note.checkpoint.size != content.log_size ||
      note.checkpoint.root != content.log_root)
    return Error{Fault::kMalformed, "its checkpoint is not of the log that it names"};
  return success();
}

}  // namespace

Result<Acknowledgement> read_acknowledgement(ByteView exact) {
  RESGUARDO_TRY(const auto sent, parse_strict<pb::Acknowledgement>(exact));
  const auto member = MemberId::from(as_bytes(sent.member_id()));
  const auto roster = Digest::from(as_bytes(sent.roster_digest()));
  const auto count = static_cast<std::size_t>(sent.segments_size());
  if (sent.format() != 1 || !member || !roster || !sound_origin(sent.log_origin()) ||
      sent.day() < 0 || sent.day() > kMostDays || count == 0 || count > kMaxAcknowledged)
    return kBroken;
  Acknowledgement content{sent.log_origin(), *member,
                          *roster,           Day{static_cast<std::int32_t>(sent.day())},
                          sent.log_size(),   Digest::from(as_bytes(sent.log_root())),
                          sent.checkpoint(), {}};
  if (!sent.log_root().empty() && !content.log_root) return kBroken;
  RESGUARDO_CHECK(check_log(content));
  content.segments.reserve(count);
  for (const auto& one : sent.segments()) {
    RESGUARDO_TRY(const auto segment, read_segment(one));
    if (!content.segments.empty() && content.segments.back().segment >= segment.segment)
      return kBroken;
    content.segments.push_back(segment);
  }
  return content;
}

Result<Bytes> acknowledgement_bytes(const Acknowledgement& content) {
  pb::Acknowledgement sent;
  sent.set_format(1);
  sent.set_log_origin(content.origin);
  sent.set_member_id(content.member.str());
  sent.set_roster_digest(content.roster.str());
  sent.set_day(content.day.number);
  sent.set_log_size(content.log_size);
  if (content.log_root) sent.set_log_root(content.log_root->str());
  sent.set_checkpoint(content.checkpoint);
  for (const AcknowledgedSegment& segment : content.segments) {
    auto& one = *sent.add_segments();
    one.set_segment(segment.segment.str());
    one.set_chain(segment.chain.str());
    if (segment.testimony) one.add_compartments(pb::COMPARTMENT_TESTIMONY);
    if (segment.identity) one.add_compartments(pb::COMPARTMENT_IDENTITY);
  }
  Bytes exact = serialize_canonical(sent);
  if (const auto read = read_acknowledgement(exact); !read.ok()) return read.error();
  return exact;
}

Result<std::string> acknowledgement_file(ByteView exact, const PublicKey<AnalystRole>& signer,
                                         ByteView signature) {
  pb::SignedMessage message;
  message.set_message(to_string(exact));
  auto& added = *message.add_signatures();
  added.set_public_key(to_string(signer.view()));
  added.set_signature(to_string(signature));
  std::string text = armour(ArmourKind::kAcknowledgement, serialize_canonical(message));
  if (const auto read = open_acknowledgement(as_bytes(text)); !read.ok()) return read.error();
  return text;
}

Result<SignedAcknowledgement> open_acknowledgement(ByteView file) {
  if (file.size() > kMaxAcknowledgementFile)
    return Error{Fault::kMalformed, "too long for an acknowledgement"};
  Bytes bytes = to_bytes(file);
  if (looks_armoured(file)) {
    RESGUARDO_TRY(bytes, dearmour(ArmourKind::kAcknowledgement, as_text(file)));
  }
  RESGUARDO_TRY(const auto message, parse_strict<pb::SignedMessage>(bytes));
  if (message.signatures_size() != 1) return kBroken;
  const auto& signature = message.signatures(0);
  RESGUARDO_TRY(const auto signer,
                PublicKey<AnalystRole>::from_bytes(as_bytes(signature.public_key())));
  if (!verify_signature(signer, Label::kSignAcknowledgement, as_bytes(message.message()),
                        as_bytes(signature.signature())))
    return Error{Fault::kUnauthentic, "the signature does not fit the acknowledgement"};
  RESGUARDO_TRY(auto content, read_acknowledgement(as_bytes(message.message())));
  return SignedAcknowledgement{std::move(content), signer};
}

Result<Acknowledgement> verify_acknowledgement(ByteView file, const VerifiedRoster& roster) {
  RESGUARDO_TRY(auto read, open_acknowledgement(file));
  const auto known = std::ranges::find_if(roster.members(), [&](const auto& member) {
    return member.active && member.id == read.content.member;
  });
  if (known == roster.members().end())
    return Error{Fault::kUnauthentic, "no active member of the roster signed it"};
  if (known->key != read.signer)
    return Error{Fault::kUnauthentic, "not signed with its member's key"};
  if (read.content.origin != roster.log_origin())
    return Error{Fault::kRefused, "it is for the log of another server"};
  return std::move(read.content);
}

}  // namespace resguardo
