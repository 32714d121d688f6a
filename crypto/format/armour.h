// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace resguardo {

// What a text file of ours holds; it stands in its first and last line, so that a key is not
// mistaken for a roster.
enum class ArmourKind : std::uint8_t {
  kLockedKey,        // pb::KeyFile
  kMember,           // pb::MemberPublic
  kEpochList,        // pb::SignedMessage over a pb::EpochList
  kRoster,           // pb::RosterFile
  kRosterDraft,      // pb::RosterFile that waits for signatures
  kAcknowledgement,  // pb::SignedMessage over a pb::Acknowledgement
  kRootShare,        // pb::RootShare
  kReplies,          // pb::ReplyBundle
  kQuorumRequest,    // pb::SignedMessage over a pb::QuorumRequest
  kQuorumGrant,      // pb::SignedMessage over a pb::QuorumGrant
};

// Bytes as text that survives paper, chat and editors:
//   -----BEGIN RESGUARDO LOCKED KEY-----
//   base64 (RFC 4648 §4, padded) in lines of 64 columns
//   -----END RESGUARDO LOCKED KEY-----
// every line ended by one LF.
std::string armour(ArmourKind kind, ByteView bytes);

// The bytes of `text`, which must be exactly what armour(kind, bytes) gives: one text for each
// value. kMalformed: anything else, and no bytes at all. Tolerant of nothing: no CR, no space, no
// other line length, nothing before or after.
// WARNING: finds no damage inside the base64 that is base64 again; that is the content's work.
Result<Bytes> dearmour(ArmourKind kind, std::string_view text);

// True if `file` begins as any armour does; then it is never read as binary.
bool looks_armoured(ByteView file);

}  // namespace resguardo
