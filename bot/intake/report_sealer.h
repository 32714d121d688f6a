// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "bot/dialogue/step.h"
#include "bot/intake/record_builder.h"
#include "crypto/base/locked_slab.h"
#include "crypto/base/random.h"
#include "crypto/log/log_entry.h"
#include "crypto/seal/roster.h"
#include "crypto/seal/segment_writer.h"
#include "crypto/session/receipt.h"
#include "proto/conversation.pb.h"
#include "storage/store.h"

namespace resguardo::intake {

constexpr std::chrono::minutes kLongestSilence{30};  // then the segment ends with a pause
constexpr std::chrono::hours kLongestSegment{24};

// What a report is bound to, beside its recipients.
struct ReportFrame {
  Digest questionnaire;
  std::string form_id;
  std::string form_version;
  std::string channel;
};

// A receipt made ahead: its digits are shown once, its keys are stored.
struct ReadyReceipt {
  SecretText digits;
  ReceiptKeys keys;
};

// One turn to seal.
struct SealTurn {
  const std::vector<dialogue::Given>* given = nullptr;
  TurnStamp stamp;
  bool close = false;                     // ends the report
  const ReadyReceipt* receipt = nullptr;  // with close
  // With receipt: the token by which another may take its place, and the one by which this one
  // does.
  std::optional<ReplacementToken> token = {};
  std::optional<ReplacementToken> replaces = {};
  std::string language;
  std::vector<std::string> consent;
};

// What a segment is sealed to: with another of these it is another segment.
struct SealedFor {
  Digest roster;
  Digest lists;
  Week week;
  friend bool operator==(const SealedFor&, const SealedFor&) = default;
};

// Seals the turns of one conversation's report: begins and ends segments (protocol.md §3.6),
// brings the row count to 16, 32, 64 … before the last record, keeps the running digests in
// pb::ReportProgress. Holds the conversation's stream states, and nothing else of it.
//
// A turn whose commit failed: drop() — the states are wiped and the next turn opens a segment of
// its own. Not thread-safe.
class ReportSealer {
 public:
  ReportSealer(LockedSlab& slab, RandomSource& ids) : slab_(&slab), ids_(&ids) {}

  // Fills `progress` (advanced by this turn) and returns what to store. On any failure the states
  // are wiped and `progress` must be thrown away.
  Result<storage::ReportWrite> seal(const ReportFrame& frame, const Recipients& recipients,
                                    const SealTurn& turn, pb::ReportProgress& progress);
  void drop() { writer_.reset(); }
  bool awake() const { return writer_.has_value(); }

  // The stream without what `progress` says of it; the sealer has none then. Nothing: there is none
  // that the next turn of this report could go on with, and one that is there is wiped.
  struct Parked {
    SegmentWriter::Parked writer;
    SealedFor sealed_for;
    TimePoint begun;
  };
  std::optional<Parked> park(const pb::ReportProgress& progress);
  // `progress` is what it was, or the stream is wiped.
  void resume(Parked&& parked, const pb::ReportProgress& progress);

 private:
  Result<storage::ReportWrite> seal_all(const ReportFrame& frame, const Recipients& recipients,
                                        const SealTurn& turn, pb::ReportProgress& progress);
  bool continues(const pb::ReportProgress& progress) const;
  bool writer_fits(const Recipients& recipients, const pb::ReportProgress& progress,
                   TimePoint now) const;
  Status begin_segment(const ReportFrame& frame, const Recipients& recipients, TimePoint now,
                       storage::ReportWrite& write, pb::ReportProgress& progress);
  Status push(const TurnRecords& records, bool final, storage::ReportWrite& write,
              pb::ReportProgress& progress);
  Status close(const ReportFrame& frame, const SealTurn& turn, storage::ReportWrite& write,
               pb::ReportProgress& progress);

  LockedSlab* slab_;
  RandomSource* ids_;
  std::optional<SegmentWriter> writer_;
  SealedFor sealed_for_;
  TimePoint begun_;
};

// 16, 32, 64, 96, 128 …: the row counts that finished reports may have.
std::uint64_t padded_row_count(std::uint64_t rows);

}  // namespace resguardo::intake
