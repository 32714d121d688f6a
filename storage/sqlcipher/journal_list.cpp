// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/journal_list.h"

#include <algorithm>
#include <utility>

namespace resguardo::storage {

using sqlcipher::Rows;
using sqlcipher::Statement;

namespace {

constexpr Error kBrokenJournalRow = {Fault::kMalformed, "a journal row does not make sense"};

// Columns of both queries below, as far as they have them.
enum Column : int {
  kPosition,
  kDay,
  kDelivered,
  kTag,
  kCounter,
  kReport,
  kKeepPartial,
  kClosing,
  kSegmentsOrSealed,
  kWeek
};

Bytes bytes_of_prints(const std::vector<Print>& prints) {
  Bytes all;
  for (const Print print : prints) append_print(all, print);
  return all;
}

Result<std::vector<Print>> split(ByteView bytes) {
  if (bytes.size() % sizeof(Print) != 0) return kBrokenJournalRow;
  std::vector<Print> prints;
  for (; !bytes.empty(); bytes = bytes.subspan(sizeof(Print))) prints.push_back(read_print(bytes));
  return prints;
}

Result<std::vector<Print>> prints_of_tags(ByteView tags) {
  if (tags.size() % DedupeTag::kSize != 0) return kBrokenJournalRow;
  std::vector<Print> prints;
  for (; !tags.empty(); tags = tags.subspan(DedupeTag::kSize))
    prints.push_back(print_of(*DedupeTag::from(tags.first(DedupeTag::kSize))));
  return prints;
}

// What both tables say alike.
Result<ListedTurn> common_part(const Rows& row) {
  ListedTurn turn;
  turn.position = static_cast<std::uint64_t>(row.integer(kPosition));
  turn.day.number = static_cast<std::int32_t>(row.integer(kDay));
  if (!row.is_null(kTag)) {
    turn.tag = ConversationTag::from(row.bytes(kTag));
    turn.counter = static_cast<std::uint64_t>(row.integer(kCounter));
    if (!turn.tag) return kBrokenJournalRow;
  }
  if (row.is_null(kReport)) return turn;
  turn.report = ReportId::from(row.bytes(kReport));
  if (!turn.report) return kBrokenJournalRow;
  if (row.is_null(kKeepPartial)) return turn;
  turn.keep_partial = row.integer(kKeepPartial) != 0;
  turn.closing = !row.is_null(kClosing) && row.integer(kClosing) != 0;
  return turn;
}

}  // namespace

std::optional<std::int32_t> first_week(const std::vector<SegmentWrite>& segments) {
  std::optional<std::int32_t> earliest;
  for (const SegmentWrite& segment : segments) {
    if (!segment.week) return std::nullopt;
    const std::int32_t week = segment.week->number;
    earliest = std::min(earliest.value_or(week), week);
  }
  return earliest;
}

std::vector<Print> prints_of(const std::vector<SegmentWrite>& segments) {
  std::vector<Print> prints;
  for (const SegmentWrite& segment : segments) prints.push_back(print_of(segment.segment));
  return prints;
}

JournalList::JournalList(Statement add, Statement remove, Statement clear_state,
                         Statement clear_report)
    : add_(std::move(add)),
      remove_(std::move(remove)),
      clear_state_(std::move(clear_state)),
      clear_report_(std::move(clear_report)) {}

Result<JournalList> JournalList::prepare(sqlcipher::Connection& db) {
  RESGUARDO_TRY(auto add, db.prepare("INSERT INTO listed (position, day, delivered, tag, counter,"
                                     " report, keep_partial, closing, segments, week)"
                                     " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  RESGUARDO_TRY(auto remove, db.prepare("DELETE FROM listed WHERE position = ?"));
  RESGUARDO_TRY(auto clear_state, db.prepare("UPDATE listed SET tag = NULL, counter = NULL"
                                             " WHERE position = ?"));
  RESGUARDO_TRY(auto clear_report,
                db.prepare("UPDATE listed SET report = NULL, keep_partial = NULL, closing = NULL,"
                           " segments = NULL, week = NULL WHERE position = ?"));
  return JournalList(std::move(add), std::move(remove), std::move(clear_state),
                     std::move(clear_report));
}

Status JournalList::add(const ListedTurn& turn) {
  return add_.run(turn.position, turn.day.number, bytes_of_prints(turn.delivered), turn.tag,
                  turn.counter, turn.report, turn.keep_partial, turn.closing,
                  bytes_of_prints(turn.segments), turn.week);
}

Result<Statement> listed_turns(sqlcipher::Connection& connection) {
  return connection.prepare(
      "SELECT position, day, delivered, tag, counter, report, keep_partial,"
      " closing, segments, week FROM listed ORDER BY position");
}

Result<ListedTurn> listed_turn_in(const Rows& row) {
  RESGUARDO_TRY(auto turn, common_part(row));
  RESGUARDO_TRY(turn.delivered, split(row.bytes(kDelivered)));
  RESGUARDO_TRY(turn.segments, split(row.bytes(kSegmentsOrSealed)));
  if (!row.is_null(kWeek)) turn.week = static_cast<std::int32_t>(row.integer(kWeek));
  return turn;
}

Result<Statement> turns_between(sqlcipher::Connection& connection) {
  return connection.prepare(
      "SELECT position, day, delivered, tag, counter, report, keep_partial,"
      " closing, sealed FROM turn WHERE position > ? AND position <= ?"
      " ORDER BY position");
}

Result<ListedTurn> turn_in(const Rows& row) {
  RESGUARDO_TRY(auto turn, common_part(row));
  RESGUARDO_TRY(turn.delivered, prints_of_tags(row.bytes(kDelivered)));
  if (!turn.keep_partial) return turn;
  RESGUARDO_TRY(const auto part, decode_sealed_part(row.bytes(kSegmentsOrSealed)));
  turn.segments = prints_of(part.segments);
  turn.week = first_week(part.segments);
  return turn;
}

}  // namespace resguardo::storage
