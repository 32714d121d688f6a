// SPDX-License-Identifier: AGPL-3.0-or-later
// The index, rebuilt from a journal: every row says again what it said when it was appended.
#include <algorithm>
#include <utility>

#include "storage/sqlcipher/journal.h"

namespace resguardo::storage {
namespace {

constexpr Error kBrokenJournalRow = {Fault::kMalformed, "a journal row does not make sense"};

// Columns of the statement below.
enum Column : int {
  kPosition,
  kDay,
  kDelivered,
  kTag,
  kCounter,
  kReport,
  kKeepPartial,
  kClosing,
  kSealed
};

Day day_in(const sqlcipher::Rows& rows, int column) {
  return Day{static_cast<std::int32_t>(rows.integer(column))};
}

Status absorb_delivered(ByteView tags, Day day, JournalIndex& index) {
  if (tags.size() % DedupeTag::kSize != 0) return kBrokenJournalRow;
  for (; !tags.empty(); tags = tags.subspan(DedupeTag::kSize))
    index.delivered().insert(*DedupeTag::from(tags.first(DedupeTag::kSize)), day);
  return success();
}

Status absorb_report(const sqlcipher::Rows& row, const std::optional<ConversationTag>& writer,
                     JournalIndex& index) {
  const auto id = ReportId::from(row.bytes(kReport));
  if (!id) return kBrokenJournalRow;
  const ReportEntry* known = index.report(*id);
  ReportEntry entry = known == nullptr ? ReportEntry{} : *known;
  entry.position = static_cast<std::uint64_t>(row.integer(kPosition));
  entry.last_turn = day_in(row, kDay);
  if (writer) entry.writer = writer;
  if (!row.is_null(kKeepPartial)) {
    entry.keep_partial = row.integer(kKeepPartial) != 0;
    entry.closing = row.integer(kClosing) != 0;
    RESGUARDO_TRY(const auto part, decode_sealed_part(row.bytes(kSealed)));
    for (const auto& segment : part.segments) entry.segments.emplace_back(segment.segment, 0);
    for (const auto& sealed : part.rows)
      for (auto& [segment, next] : entry.segments)
        if (segment == sealed.segment) next = sealed.sequence + 1;
  }
  index.put(*id, std::move(entry));
  return success();
}

Status absorb(const sqlcipher::Rows& row, JournalIndex& index) {
  RESGUARDO_CHECK(absorb_delivered(row.bytes(kDelivered), day_in(row, kDay), index));
  std::optional<ConversationTag> tag;
  const bool closing = !row.is_null(kClosing) && row.integer(kClosing) != 0;
  if (!row.is_null(kTag)) {
    tag = ConversationTag::from(row.bytes(kTag));
    if (!tag) return kBrokenJournalRow;
    ConversationEntry entry{static_cast<std::uint64_t>(row.integer(kPosition)),
                            static_cast<std::uint64_t>(row.integer(kCounter)), std::nullopt};
    if (!row.is_null(kReport) && !closing) entry.report = ReportId::from(row.bytes(kReport));
    index.put(*tag, entry);
  }
  if (row.is_null(kReport)) return success();
  return absorb_report(row, tag, index);
}

}  // namespace

Status Journal::load(JournalIndex& index) {
  RESGUARDO_TRY(auto turns,
                connection_.prepare("SELECT position, day, delivered, tag, counter, report,"
                                    " keep_partial, closing, sealed FROM turn ORDER BY position"));
  {
    RESGUARDO_TRY(auto rows, turns.query());
    for (;;) {
      RESGUARDO_TRY(const bool more, rows.next());
      if (!more) break;
      RESGUARDO_CHECK(absorb(rows, index));
      next_position_ = static_cast<std::uint64_t>(rows.integer(kPosition)) + 1;
    }
  }
  RESGUARDO_TRY(auto delivered, connection_.prepare("SELECT tag, day FROM delivered"));
  RESGUARDO_TRY(auto rows, delivered.query());
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return success();
    RESGUARDO_CHECK(absorb_delivered(rows.bytes(0), day_in(rows, 1), index));
  }
}

}  // namespace resguardo::storage
