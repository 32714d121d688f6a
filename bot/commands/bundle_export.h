// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <iosfwd>

#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "storage/store.h"

namespace resguardo::commands {

struct ExportTotals {
  std::uint64_t reports = 0;
  std::uint64_t segments = 0;
  std::uint64_t rows = 0;
};

// Every closed report with every roster and questionnaire the store kept, as a bundle
// (crypto/format/bundle.h). Holds one row at a time. Ciphertext and public data only. An entry of
// the log has the same place in every bundle.
Result<ExportTotals> write_bundle(storage::Store& store, TimePoint now, RandomSource& ids,
                                  std::ostream& out);

}  // namespace resguardo::commands
