// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/result.h"
#include "crypto/seal/public_key.h"
#include "crypto/seal/roster.h"

namespace resguardo {

// What a member answers one reporter.
struct Reply {
  ReplyId id;  // random
  ReportId report;
  PublicKey<MailboxRole> mailbox;  // that it is sealed to
  Bytes sealed;                    // seal_reply(); 1 to kMostSealedBox
  Day day;
  MemberId member;
  Digest roster;       // the newest the member knows of that server
  std::string origin;  // of the server's log; empty: it has none
};
constexpr std::size_t kMostReplyBundle = std::size_t{4} * 1024 * 1024;
constexpr std::size_t kMostBundledReplies = 1000;

// Exact bytes of pb::Reply: what is signed. kMalformed: not as the fields above say.
Result<Bytes> reply_bytes(const Reply& content);
Result<Reply> read_reply(ByteView exact);

// A reply with its signature over exact bytes under Label::kSignReply.
struct SignedReply {
  Bytes exact;
  PublicKey<AnalystRole> signer;
  Bytes signature;
};
// The armoured file: 1 to kMostBundledReplies of them.
Result<std::string> reply_file(const std::vector<SignedReply>& replies);
// Parses, armoured or binary, and checks each signature against the key that it names.
// WARNING: says nothing about whose keys these are.
Result<std::vector<SignedReply>> open_reply_file(ByteView file);

// The same, all by active members of `roster` with their keys, for the log the roster names.
// kUnauthentic: one is by anybody else; kRefused: one is for another log. Then none is returned.
// WARNING: nobody on the server can know what they say.
Result<std::vector<Reply>> verify_replies(ByteView file, const VerifiedRoster& roster);

}  // namespace resguardo
