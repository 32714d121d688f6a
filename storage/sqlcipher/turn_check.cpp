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

// Two who come back with one receipt begin at one place; the second looks again.
bool somebody_else_adds(const Turn& turn, const std::optional<ReportEntry>& entry,
                        const IndexChanges& known) {
  return turn.report->only_more && turn.conversation && entry && entry->writer &&
         entry->writer != known.name_of(current_tag(*turn.conversation));
}

Status check_report(const Turn& turn, const IndexChanges& known,
                    const NextSequence& next_sequence) {
  const ReportWrite& write = *turn.report;
  const auto entry = known.report(write.report);
  if (entry && entry->closing)
    return Error{Fault::kUnavailable, "the report is on its way to the report store"};
  if (write.if_version && (!entry || entry->position != *write.if_version))
    return Error{Fault::kConflict, "its reporter has written meanwhile"};
  if (write.change == ReportChange::kErase) return success();
  if (somebody_else_adds(turn, entry, known))
    return Error{Fault::kConflict, "somebody else is adding to the report"};
  if (!entry && write.change == ReportChange::kClose && write.segments.empty())
    return Error{Fault::kConflict, "the report is not open"};
  return check_rows(write, known, next_sequence);
}

// It adds to the segment that its conversation's report was told in last, just what comes next.
bool goes_on(const Turn& turn, const IndexChanges& known) {
  if (!turn.conversation || !turn.report) return false;
  const ReportWrite& report = *turn.report;
  if (report.change != ReportChange::kAppend || !report.segments.empty() || report.rows.empty())
    return false;
  if (current_tag(*turn.conversation) != turn.conversation->tag) return false;
  const auto conversation = known.conversation(turn.conversation->tag);
  if (!conversation || conversation->counter != turn.conversation->expected ||
      conversation->report != known.name_of(report.report))
    return false;
  const auto entry = known.report(report.report);
  const RowWrite& row = report.rows.front();
  return entry && entry->last.next != 0 && entry->last.next == row.sequence &&
         entry->last.segment == LastRow::half(row.segment);
}

// A row that is not there or cannot be read tells nobody apart: who needs it will say so.
Result<TurnOwners> ids_or_none(std::uint64_t position, const IdsAt& ids_at) {
  const auto ids = ids_at(position);
  if (!ids.ok() && ids.error().fault == Fault::kUnavailable) return ids.error();
  return ids.ok() && *ids ? **ids : TurnOwners{};
}

Status tell_apart(const ConversationTag& tag, IndexChanges& known, const IdsAt& ids_at) {
  const auto entry = known.conversation(tag);
  if (!entry) return success();
  RESGUARDO_TRY(const auto ids, ids_or_none(entry->position, ids_at));
  if (ids.tag && *ids.tag != tag) known.name_anew(tag);
  return success();
}

Status tell_apart(const ReportId& id, IndexChanges& known, const IdsAt& ids_at) {
  const auto entry = known.report(id);
  if (!entry) return success();
  RESGUARDO_TRY(const auto ids, ids_or_none(entry->position, ids_at));
  if (ids.report && *ids.report != id) known.name_anew(id);
  return success();
}

}  // namespace

Status tell_apart(const Turn& turn, IndexChanges& known, const IdsAt& ids_at) {
  if (goes_on(turn, known)) return success();
  if (turn.conversation) {
    const ConversationTag before = current_tag(*turn.conversation);
    RESGUARDO_CHECK(tell_apart(before, known, ids_at));
    if (before != turn.conversation->tag)
      RESGUARDO_CHECK(tell_apart(turn.conversation->tag, known, ids_at));
  }
  if (turn.report) return tell_apart(turn.report->report, known, ids_at);
  return success();
}

ConversationTag current_tag(const ConversationWrite& write) {
  return write.found_under.value_or(write.tag);
}

Status check_turn(const Turn& turn, const IndexChanges& known, const NextSequence& next_sequence) {
  for (const DedupeTag& tag : turn.delivered)
    if (known.seen(tag)) return Error{Fault::kReplayed, "this message was delivered before"};
  if (turn.conversation) RESGUARDO_CHECK(check_conversation(*turn.conversation, known));
  if (turn.report) return check_report(turn, known, next_sequence);
  return success();
}

}  // namespace resguardo::storage
