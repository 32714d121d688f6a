// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/mailbox/reply.h"

#include <algorithm>
#include <set>

#include "crypto/format/armour.h"
#include "crypto/format/strict_parse.h"
#include "crypto/mailbox/reply_text.h"
#include "proto/reply.pb.h"

namespace resguardo {
namespace {

constexpr Error kNoReplyHere{Fault::kMalformed, "not a reply of this version"};
constexpr std::int64_t kLastReplyDay = 2'932'896;  // 9999-12-31

// As a roster's: no white space, no '+', printable; empty where there is no log.
bool sound_log_origin(std::string_view origin) {
  constexpr std::size_t kMostLogOrigin = 255;
  return origin.size() <= kMostLogOrigin && std::ranges::none_of(origin, [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte <= 0x20 || byte == 0x7f || c == '+';
         });
}

Result<SignedReply> read_signed(const pb::SignedMessage& message) {
  if (message.signatures_size() != 1) return kNoReplyHere;
  const auto& signature = message.signatures(0);
  RESGUARDO_TRY(const auto signer,
                PublicKey<AnalystRole>::from_bytes(as_bytes(signature.public_key())));
  if (!verify_signature(signer, Label::kSignReply, as_bytes(message.message()),
                        as_bytes(signature.signature())))
    return Error{Fault::kUnauthentic, "the signature does not fit the reply"};
  return SignedReply{to_bytes(as_bytes(message.message())), signer,
                     to_bytes(as_bytes(signature.signature()))};
}

Result<Reply> verify_reply(const SignedReply& given, const VerifiedRoster& roster) {
  RESGUARDO_TRY(auto reply, read_reply(given.exact));
  const auto known = std::ranges::find_if(roster.members(), [&](const auto& member) {
    return member.active && member.id == reply.member;
  });
  if (known == roster.members().end())
    return Error{Fault::kUnauthentic, "no active member of the roster signed a reply"};
  if (known->key != given.signer)
    return Error{Fault::kUnauthentic, "a reply is not signed with its member's key"};
  if (reply.origin != roster.log_origin())
    return Error{Fault::kRefused, "a reply is for the reporters of another server"};
  return reply;
}

}  // namespace

Result<Reply> read_reply(ByteView exact) {
  RESGUARDO_TRY(const auto sent, parse_strict<pb::Reply>(exact));
  const auto id = ReplyId::from(as_bytes(sent.reply_id()));
  const auto report = ReportId::from(as_bytes(sent.report_id()));
  const auto member = MemberId::from(as_bytes(sent.member_id()));
  const auto roster = Digest::from(as_bytes(sent.roster_digest()));
  if (sent.format() != 1 || !id || !report || !member || !roster ||
      !sound_log_origin(sent.log_origin()) || sent.day() <= 0 || sent.day() > kLastReplyDay ||
      sent.sealed().empty() || sent.sealed().size() > kMostSealedBox)
    return kNoReplyHere;
  RESGUARDO_TRY(const auto mailbox,
                PublicKey<MailboxRole>::from_bytes(as_bytes(sent.mailbox_public_key())));
  return Reply{*id,
               *report,
               mailbox,
               to_bytes(as_bytes(sent.sealed())),
               Day{static_cast<std::int32_t>(sent.day())},
               *member,
               *roster,
               sent.log_origin()};
}

Result<Bytes> reply_bytes(const Reply& content) {
  pb::Reply sent;
  sent.set_format(1);
  sent.set_reply_id(content.id.str());
  sent.set_report_id(content.report.str());
  sent.set_mailbox_public_key(to_string(content.mailbox.view()));
  sent.set_sealed(to_string(content.sealed));
  sent.set_day(content.day.number);
  sent.set_member_id(content.member.str());
  sent.set_roster_digest(content.roster.str());
  sent.set_log_origin(content.origin);
  Bytes exact = serialize_canonical(sent);
  if (const auto read = read_reply(exact); !read.ok()) return read.error();
  return exact;
}

Result<std::string> reply_file(const std::vector<SignedReply>& replies) {
  pb::ReplyBundle bundle;
  bundle.set_format(1);
  for (const SignedReply& reply : replies) {
    auto& message = *bundle.add_replies();
    message.set_message(to_string(reply.exact));
    auto& signature = *message.add_signatures();
    signature.set_public_key(to_string(reply.signer.view()));
    signature.set_signature(to_string(reply.signature));
  }
  std::string text = armour(ArmourKind::kReplies, serialize_canonical(bundle));
  if (const auto read = open_reply_file(as_bytes(text)); !read.ok()) return read.error();
  return text;
}

Result<std::vector<SignedReply>> open_reply_file(ByteView file) {
  if (file.size() > kMostReplyBundle)
    return Error{Fault::kMalformed, "too long for a bundle of replies"};
  Bytes bytes = to_bytes(file);
  if (looks_armoured(file)) {
    RESGUARDO_TRY(bytes, dearmour(ArmourKind::kReplies, as_text(file)));
  }
  RESGUARDO_TRY(const auto bundle, parse_strict<pb::ReplyBundle>(bytes));
  const auto count = static_cast<std::size_t>(bundle.replies_size());
  if (bundle.format() != 1 || count == 0 || count > kMostBundledReplies) return kNoReplyHere;
  std::vector<SignedReply> replies;
  std::set<ReplyId> ids;
  for (const auto& message : bundle.replies()) {
    RESGUARDO_TRY(auto reply, read_signed(message));
    RESGUARDO_TRY(const auto content, read_reply(reply.exact));
    if (!ids.insert(content.id).second) return kNoReplyHere;
    replies.push_back(std::move(reply));
  }
  return replies;
}

Result<std::vector<Reply>> verify_replies(ByteView file, const VerifiedRoster& roster) {
  RESGUARDO_TRY(const auto given, open_reply_file(file));
  std::vector<Reply> replies;
  for (const SignedReply& one : given) {
    RESGUARDO_TRY(auto reply, verify_reply(one, roster));
    replies.push_back(std::move(reply));
  }
  return replies;
}

}  // namespace resguardo
