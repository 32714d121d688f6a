// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/base/secret_text.h"
#include "crypto/open/analyst_keys.h"
#include "crypto/open/quorum_share.h"
#include "crypto/seal/segment_writer.h"

// Only offline programs may link this library (architecture.md §2, tests/arch).
namespace resguardo::open {

// What a header says, parsed strictly; nothing of it is believed yet.
struct SegmentClaims {
  ReportId report;
  std::uint32_t index = 0;
  Digest questionnaire;
  Digest roster_digest;
  Digest lists_digest;
  Week week;
  // This reader's envelope is for a reserve key: known to SegmentReader::claims() only.
  bool reserve = false;
  std::vector<Recipient> members[2];  // by StreamId: whom it says it is sealed to
  PolicyType policy[2] = {PolicyType::kAny, PolicyType::kAny};
  std::vector<RecipientGroup> groups[2];  // QUORUM
};
// kMalformed: not the canonical form of what this version writes, or its parts contradict one
// another.
Result<SegmentClaims> read_claims(ByteView header);

struct ParsedHeader;

// A header that was read once, for whoever asks it twice: what it claims, and to begin a reader.
class SegmentHead {
 public:
  static Result<SegmentHead> read(ByteView header);  // errors as read_claims()
  const SegmentClaims& claims() const;
  const Digest& digest() const;  // BLAKE2b-256 of the header

  SegmentHead(SegmentHead&&) noexcept;
  SegmentHead& operator=(SegmentHead&&) noexcept;
  ~SegmentHead();

 private:
  friend class SegmentReader;
  friend class QuorumStream;
  explicit SegmentHead(std::unique_ptr<const ParsedHeader> parsed);
  std::unique_ptr<const ParsedHeader> parsed_;
};

// Keys of streams that a quorum made together (quorum.h), by StreamId; nullptr: it has not.
using StreamKeys = std::array<const SecretBytes*, 2>;

// One opened record: the exact bytes of pb::Record, hostile input until parsed (record_parser.h).
struct OpenedRow {
  SecretBuffer testimony;
  SecretBuffer identity;  // either is empty if this reader has no key for that compartment
  bool final = false;
};

// Opens a segment row by row, in order. Checks, before the first row: the envelope's bytes, the
// set's and the context's digests, the key commitment of each stream. For each row: the tag (only
// REKEY and FINAL), the sequence, the size class, the record's digest, the minimal padding.
//
// A stream that is sealed for a quorum opens with the key that its members made together. Without
// it the keys' own share is opened and checked, and the stream's records stay empty.
//
// kUnauthentic covers a wrong key, a wrong context and a changed byte alike; kNotFound: none of the
// keys given is a recipient; after a failed row the rest of the segment cannot be opened.
//
// WARNING: a reader of one compartment cannot tell whether the other one's bytes were changed:
// the log's digests do. Nothing here says that the members are the roster's: compare claims().
class SegmentReader {
 public:
  static Result<SegmentReader> begin(ByteView header, const AnalystKeys& keys,
                                     const StreamKeys& combined = {});
  static Result<SegmentReader> begin(const SegmentHead& head, const AnalystKeys& keys,
                                     const StreamKeys& combined = {});
  Result<OpenedRow> next(ByteView row);
  bool finished() const;  // FINAL was seen
  bool reads(StreamId stream) const;
  // The keys' share of a stream that they do not open alone: it fits its commitments.
  const QuorumShare* share(StreamId stream) const;
  const SegmentClaims& claims() const;

  SegmentReader(SegmentReader&&) noexcept;
  SegmentReader& operator=(SegmentReader&&) noexcept;
  ~SegmentReader();

 private:
  struct State;
  explicit SegmentReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace resguardo::open
