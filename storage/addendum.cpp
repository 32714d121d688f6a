// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/addendum.h"

#include <algorithm>

#include "crypto/format/entry_day.h"

namespace resguardo::storage {
namespace {

constexpr Error kNoReport = {Fault::kRefused, "a file is taken for a report or not at all"};
constexpr Error kNoAddendum = {Fault::kRefused,
                               "an addendum is one segment, its file and its entry"};

Status check_addendum(const Turn& turn) {
  const ReportWrite& write = *turn.report;
  const bool alone = turn.delivered.empty() && !turn.conversation && turn.pending_media.empty();
  const bool one = write.segments.size() == 1 && write.segments[0].index >= kFirstAddendum &&
                   std::ranges::all_of(write.rows, [&](const RowWrite& row) {
                     return row.segment == write.segments[0].segment;
                   });
  if (!alone || !one || write.receipt || write.if_version) return kNoAddendum;
  if (write.media && write.settles != write.media->media) return kNoAddendum;
  for (const Bytes& entry : write.log_entries)
    if (!entry_on(entry, write.day).ok()) return kNoAddendum;
  return success();
}

}  // namespace

Status check_media_parts(const Turn& turn) {
  if (!turn.report) return turn.pending_media.empty() ? success() : Status(kNoReport);
  if (turn.report->change == ReportChange::kAddendum) return check_addendum(turn);
  if (turn.report->settles || turn.report->media) return kNoAddendum;
  return success();
}

}  // namespace resguardo::storage
