// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/result.h"

namespace resguardo::storage {

// The end of one closed report, and what the log says of it.
struct Erasure {
  ReportId report;
  Day day;      // of the entry
  Bytes entry;  // exact bytes of pb::LogEntry (WITHDRAWAL or EXPIRED), at most kMostErasureEntry
  // How many the report had when its end was decided: one that has grown since stays. 0: whatever
  // it has.
  std::size_t segments = 0;
};
constexpr std::size_t kMostErasureEntry = 400;
constexpr Error kLongErasureEntry = {Fault::kRefused,
                                     "what the log shall say of an erasure is too long"};

// A member's word that one stream of a report arrived and opens.
struct ReportAcknowledgement {
  ReportId report;
  MemberId member;
  bool identity = false;  // else the testimony
  Day day;                // on which the server was told
};

// How closed reports end (protocol.md §7). Thread-safe; never call it from a completion.
class RetentionStore {
 public:
  virtual ~RetentionStore() = default;

  // Erases closed reports with all that belongs to them, receipts and replies too, and logs their
  // entries; says how many. Those that are not in the report store are passed over, also such as are open again, or not
  // moved yet. First the keys that everything else of them is under are gone from the disk, then
  // the rows. After kUnavailable, or when the process ends on the way, each report is as it was,
  // or the next call (also one that names none), the next day of the log, or the next start
  // finishes it and counts it; its first entry is logged, once.
  // kRefused: an entry is too long; nothing is erased.
  virtual Result<std::size_t> erase(std::span<const Erasure> reports) = 0;

  // Remembers what is said of one report, all of it or none, if it is in the report store and has
  // `segments` segments: nobody vouches for what came meanwhile. False: it is not. Of what was said
  // before the first day stays. When more of a report comes, all that was said of it is forgotten.
  virtual Result<bool> acknowledge(std::size_t segments,
                                   std::span<const ReportAcknowledgement> said) = 0;
  virtual Result<std::vector<ReportAcknowledgement>> acknowledgements() = 0;
};

}  // namespace resguardo::storage
