// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <limits>

#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "storage/store.h"

namespace resguardo::commands {

struct ExportTotals {
  std::uint64_t reports = 0;
  std::uint64_t segments = 0;
  std::uint64_t rows = 0;
  std::uint32_t parts = 0;
};

// How reports are laid out in files.
struct PartPlan {
  std::uint64_t bytes = std::numeric_limits<std::uint64_t>::max();  // the most of one part
  // Where a part goes: asked for 0, 1, 2 …, when the part before it is whole.
  std::function<Result<std::ostream*>(std::uint32_t part)> next;
};

// Every closed report as a bundle in parts (crypto/format/bundle.h), each with every roster and
// questionnaire the store kept and the log, so that any part that survives can be used by itself.
// A segment is never split, a report only if it is larger than a part. No part is larger than
// `plan.bytes`. Holds one row at a time. Ciphertext and public data only. An entry of the log has
// the same place in every bundle.
// kRefused: a part of that size cannot hold the largest segment.
Result<ExportTotals> write_parts(storage::Store& store, TimePoint now, RandomSource& ids,
                                 const PartPlan& plan);
// The smallest `plan.bytes` that write_parts takes, give or take a few bytes for each row.
Result<std::uint64_t> smallest_part(storage::Store& store, TimePoint now);

// The same in one piece.
Result<ExportTotals> write_bundle(storage::Store& store, TimePoint now, RandomSource& ids,
                                  std::ostream& out);

}  // namespace resguardo::commands
