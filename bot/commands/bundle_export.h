// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <limits>
#include <optional>

#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "storage/store.h"

namespace resguardo::commands {

struct ExportTotals {
  std::uint64_t reports = 0;
  std::uint64_t segments = 0;
  std::uint64_t rows = 0;
  std::uint32_t parts = 0;
  std::uint64_t unreadable = 0;  // reports that are not in it: damaged, or their keys are
  std::uint64_t files = 0;
  std::uint64_t chunks = 0;
  std::uint64_t unreadable_files = 0;  // of which not everything is in it
};

// How reports are laid out in files.
struct PartPlan {
  std::uint64_t bytes = std::numeric_limits<std::uint64_t>::max();  // the most of one part
  // Where a part goes: asked for 0, 1, 2 …, when the part before it is whole.
  std::function<Result<std::ostream*>(std::uint32_t part)> next;
};

// What a bundle holds: everything, or what came after a checkpoint that the analysts have. A report
// that had an addendum since comes again whole, with all its files.
struct ExportScope {
  std::optional<storage::StoredCheckpoint> since;
};

// Every closed report as a bundle in parts (crypto/format/bundle.h), each with every roster and
// questionnaire the store kept and the log, so that any part that survives can be used by itself.
// A segment is never split, a report only if it is larger than a part. The files of a report are in
// the part of its segments, or go on in the next one. No part is larger than `plan.bytes`. Holds
// the log's entries and one row or chunk at a time. Ciphertext and public data only. A report or a
// file that cannot be read does not keep the others here: it is counted. kRefused: a part of that
// size cannot hold the largest segment, or a chunk.
Result<ExportTotals> write_parts(storage::Store& store, TimePoint now, RandomSource& ids,
                                 const PartPlan& plan, const ExportScope& scope = {});
// The smallest `plan.bytes` that write_parts takes, give or take a few bytes for each row.
Result<std::uint64_t> smallest_part(storage::Store& store, TimePoint now,
                                    const ExportScope& scope = {});

// Everything, in one piece.
Result<ExportTotals> write_bundle(storage::Store& store, TimePoint now, RandomSource& ids,
                                  std::ostream& out);

}  // namespace resguardo::commands
