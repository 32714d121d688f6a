// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "crypto/base/bytes.h"
#include "crypto/base/locked_slab.h"
#include "crypto/base/random.h"
#include "crypto/base/result.h"
#include "crypto/base/secret_text.h"
#include "crypto/seal/roster.h"

namespace resguardo {

// What a segment is about; bound to every byte of it.
struct SegmentSpec {
  ReportId report;
  std::uint32_t index = 0;  // 0, 1, 2 … within the report
  Digest questionnaire;     // BLAKE2b-256 of the form
};

// One turn's two records: exact wire bytes of pb::Record (crypto/format/record_writer.h) with the
// salt each one starts with.
struct TurnRecords {
  SecretBuffer testimony;
  SecretBuffer identity;
};

// A sealed turn: exact bytes of pb::SealedRow, and what running digests need of it.
struct SealedTurn {
  Bytes row;
  std::uint64_t sequence = 0;
  Digest testimony_digest;  // BLAKE2b-256(salt ‖ record)
  Digest identity_digest;
};

// Seals turns for the recipients of a roster; cannot open what it sealed, nor can anything that
// holds the same memory after the call: every push rekeys.
//
// Promises: only the recipients' epoch keys open it (protocol.md §3), of a QUORUM stream only those
// of m members of each group together; a changed, moved, dropped or
// added row is detected; both streams' ciphertexts have one size class; a stream state is pushed
// from once: for each push it moves into a locked cell of its own and back, and what it was is
// overwritten. It is never saved, nor kept twice.
// WARNING: says nothing about who wrote it; anyone can seal to public keys. A memory image taken
// now opens what is sealed later in this segment.
//
// If what seal() returned could not be committed, destroy the writer: its state is wiped and the
// next answer opens another segment. Not thread-safe; moves only.
class SegmentWriter {
 public:
  // Bytes a slab cell needs for one writer.
  static std::size_t cell_size();

  // Makes both envelope sets and both streams. `slab` outlives the writer. Ids of sets come from
  // `ids`; secrets always from the system. kRefused: no reader, more than 256, a quorum that
  // cannot be met or that one reader meets; kUnavailable: no cell, no locked memory.
  static Result<SegmentWriter> begin(const Recipients& recipients, const SegmentSpec& spec,
                                     LockedSlab& slab, RandomSource& ids);

  // Exact bytes of pb::SegmentHeader. Filled by begin(); release_header() gives the memory up
  // once it is stored.
  const Bytes& header() const;
  void release_header();
  const Digest& header_digest() const;  // BLAKE2b-256 of it: the segment's name in the store

  // kRefused: a record is too long (padding.h), or the segment has ended; kMalformed: a record
  // does not start with its salt: nothing was pushed then. After kUnavailable it has ended.
  Result<SealedTurn> seal(const TurnRecords& turn);    // TAG_REKEY
  Result<SealedTurn> finish(const TurnRecords& last);  // TAG_FINAL; nothing can follow
  std::uint64_t next_sequence() const;
  bool finished() const;  // finish() succeeded: the state is wiped

  // A writer between two turns, without what its owner knows anyway. The state stays in its cell:
  // whoever holds this holds the stream, and a second one of the same stream cannot be made.
  struct Parked {
    LockedSlab::Cell cell;
    std::uint64_t sequence = 0;
  };
  static std::optional<Parked> park(SegmentWriter&& writer);  // nothing: it has ended
  // `header_digest` is what the parked writer's was.
  static SegmentWriter resume(Parked&& parked, const Digest& header_digest);

  SegmentWriter(SegmentWriter&&) noexcept = default;
  SegmentWriter& operator=(SegmentWriter&&) noexcept = default;

 private:
  SegmentWriter() = default;
  Result<SealedTurn> push_turn(const TurnRecords& turn, std::uint8_t tag);
  Bytes header_;
  Digest header_digest_;
  std::uint64_t sequence_ = 0;
  bool finished_ = false;
  LockedSlab::Cell cell_;  // two secretstream states, push side, at rest (segment_writer.cpp)
};

}  // namespace resguardo
