// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/base/secret_text.h"
#include "crypto/open/analyst_keys.h"
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
};
// kMalformed: not the canonical form of what this version writes, or its parts contradict one
// another; kRefused: a policy of a later version.
Result<SegmentClaims> read_claims(ByteView header);

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
// kUnauthentic covers a wrong key, a wrong context and a changed byte alike; kNotFound: none of the
// keys given is a recipient; after a failed row the rest of the segment cannot be opened.
//
// WARNING: a reader of one compartment cannot tell whether the other one's bytes were changed:
// the log's digests do. Nothing here says that the members are the roster's: compare claims().
class SegmentReader {
 public:
  static Result<SegmentReader> begin(ByteView header, const AnalystKeys& keys);
  Result<OpenedRow> next(ByteView row);
  bool finished() const;  // FINAL was seen
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
