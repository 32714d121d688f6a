// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/turn_check.h"

#include <map>

namespace resguardo::storage {
namespace {

constexpr Error kMoved = {Fault::kConflict, "the conversation has moved on"};
constexpr Error kSegment = {Fault::kConflict, "a segment or row does not follow what is there"};

Status check_conversation(const ConversationWrite& write, const IndexChanges& known) {
  const ConversationTag tag = current_tag(write);
  if (tag != write.tag && known.conversation(write.tag) != nullptr) return kMoved;
  const ConversationEntry* entry = known.conversation(tag);
  if ((entry == nullptr ? 0 : entry->counter) != write.expected) return kMoved;
  return success();
}

Status check_report(const ReportWrite& write, const IndexChanges& known) {
  const ReportEntry* entry = known.report(write.report);
  if (entry != nullptr && entry->closing)
    return Error{Fault::kUnavailable, "the report is on its way to the report store"};
  if (write.if_version && (entry == nullptr || entry->position != *write.if_version))
    return Error{Fault::kConflict, "its reporter has written meanwhile"};
  if (write.change == ReportChange::kErase) return success();
  if (entry == nullptr && write.change == ReportChange::kClose && write.segments.empty())
    return Error{Fault::kConflict, "the report is not open"};
  std::map<Digest, std::uint64_t> next;  // the sequence that comes next, by segment
  if (entry != nullptr) next.insert(entry->segments.begin(), entry->segments.end());
  for (const SegmentWrite& segment : write.segments)
    if (known.has_segment(segment.segment) || !next.emplace(segment.segment, 0).second)
      return kSegment;
  for (const RowWrite& row : write.rows) {
    const auto at = next.find(row.segment);
    if (at == next.end() || at->second++ != row.sequence) return kSegment;
  }
  return success();
}

}  // namespace

ConversationTag current_tag(const ConversationWrite& write) {
  return write.found_under.value_or(write.tag);
}

Status check_turn(const Turn& turn, const IndexChanges& known) {
  for (const DedupeTag& tag : turn.delivered)
    if (known.seen(tag)) return Error{Fault::kReplayed, "this message was delivered before"};
  if (turn.conversation) RESGUARDO_CHECK(check_conversation(*turn.conversation, known));
  if (turn.report) return check_report(*turn.report, known);
  return success();
}

}  // namespace resguardo::storage
