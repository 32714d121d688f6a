// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/result.h"
#include "crypto/seal/public_key.h"
#include "crypto/seal/roster.h"

namespace resguardo {

// One segment that a member opened, every row of it.
struct AcknowledgedSegment {
  Digest segment;          // BLAKE2b-256 of its header
  Digest chain;            // SegmentChain over the header and the rows that were there
  bool testimony = false;  // the streams this member could open; at least one
  bool identity = false;
  friend auto operator<=>(const AcknowledgedSegment&, const AcknowledgedSegment&) = default;
};

// A member's word that this has arrived and opens: retention runs from it (protocol.md §7).
struct Acknowledgement {
  std::string origin;  // of the server's log; empty: it has none
  MemberId member;
  Digest roster;  // the newest the member knows of that server
  Day day;
  std::uint64_t log_size = 0;                 // entries of the log this member has, from the first
  std::optional<Digest> log_root;             // their root; none if there are none
  std::string checkpoint;                     // a note over the same size and root, or empty
  std::vector<AcknowledgedSegment> segments;  // ascending by name, each once, 1 to kMaxAcknowledged
};
constexpr std::size_t kMaxAcknowledged = 100'000;
constexpr std::size_t kMaxAcknowledgementFile = 16UL * 1024 * 1024;

// Exact bytes of pb::Acknowledgement: what is signed. kMalformed: not as the fields above say.
Result<Bytes> acknowledgement_bytes(const Acknowledgement& content);
Result<Acknowledgement> read_acknowledgement(ByteView exact);

// `signature` is over exact bytes under Label::kSignAcknowledgement. The armoured file.
Result<std::string> acknowledgement_file(ByteView exact, const PublicKey<AnalystRole>& signer,
                                         ByteView signature);

// Parses, armoured or binary, and checks the one signature against the key that it names.
// WARNING: says nothing about whose key that is.
struct SignedAcknowledgement {
  Acknowledgement content;
  PublicKey<AnalystRole> signer;
};
Result<SignedAcknowledgement> open_acknowledgement(ByteView file);

// The same, by an active member of `roster` with that member's key, for the log the roster names.
// kUnauthentic: by anybody else; kRefused: for another log.
// WARNING: does not say that what it names is what the server holds: compare names and chains. A
// member who acknowledged the testimony alone has not vouched for the identity stream.
Result<Acknowledgement> verify_acknowledgement(ByteView file, const VerifiedRoster& roster);

}  // namespace resguardo
