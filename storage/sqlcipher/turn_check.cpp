// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/turn_check.h"

#include <limits>
#include <map>

namespace resguardo::storage {
namespace {

constexpr Error kMoved = {Fault::kConflict, "the conversation has moved on"};
constexpr Error kSegment = {Fault::kConflict, "a segment or row does not follow what is there"};

Status check_conversation(const ConversationWrite& write, const IndexChanges& known) {
  const ConversationTag tag = current_tag(write);
  if (tag != write.tag && known.conversation(write.tag)) return kMoved;
  const auto entry = known.conversation(tag);
  if ((entry ? entry->counter : 0) != write.expected) return kMoved;
  if (write.expected >= std::numeric_limits<std::uint32_t>::max()) return kMoved;
  return success();
}

// What comes next in a segment that this turn does not begin.
Result<std::optional<std::uint64_t>> known_sequence(const ReportId& report,
                                                    const std::optional<ReportEntry>& entry,
                                                    const Digest& segment,
                                                    const NextSequence& next_sequence) {
  if (!entry) return std::optional<std::uint64_t>();
  const LastRow& last = entry->last;
  if (last.next != 0 && last.segment == LastRow::half(segment))
    return std::optional<std::uint64_t>(last.next);
  return next_sequence(report, *entry, segment);
}

Status check_rows(const ReportWrite& write, const IndexChanges& known,
                  const NextSequence& next_sequence) {
  const auto entry = known.report(write.report);
  std::map<Digest, std::uint64_t> next;  // the sequence that comes next, by segment
  for (const SegmentWrite& segment : write.segments)
    if (known.has_segment(segment.segment) || !next.emplace(segment.segment, 0).second)
      return kSegment;
  for (const RowWrite& row : write.rows) {
    auto at = next.find(row.segment);
    if (at == next.end()) {
      RESGUARDO_TRY(const auto sequence,
                    known_sequence(write.report, entry, row.segment, next_sequence));
      if (!sequence) return kSegment;
      at = next.emplace(row.segment, *sequence).first;
    }
    if (at->second++ != row.sequence) return kSegment;
  }
  return success();
}

Status check_report(const ReportWrite& write, const IndexChanges& known,
                    const NextSequence& next_sequence) {
  const auto entry = known.report(write.report);
  if (entry && entry->closing)
    return Error{Fault::kUnavailable, "the report is on its way to the report store"};
  if (write.if_version && (!entry || entry->position != *write.if_version))
    return Error{Fault::kConflict, "its reporter has written meanwhile"};
  if (write.change == ReportChange::kErase) return success();
  if (!entry && write.change == ReportChange::kClose && write.segments.empty())
    return Error{Fault::kConflict, "the report is not open"};
  return check_rows(write, known, next_sequence);
}

}  // namespace

ConversationTag current_tag(const ConversationWrite& write) {
  return write.found_under.value_or(write.tag);
}

Status check_turn(const Turn& turn, const IndexChanges& known, const NextSequence& next_sequence) {
  for (const DedupeTag& tag : turn.delivered)
    if (known.seen(tag)) return Error{Fault::kReplayed, "this message was delivered before"};
  if (turn.conversation) RESGUARDO_CHECK(check_conversation(*turn.conversation, known));
  if (turn.report) return check_report(*turn.report, known, next_sequence);
  return success();
}

}  // namespace resguardo::storage
