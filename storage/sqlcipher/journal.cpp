// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/journal.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "schema/journal.h"
#include "storage/sqlcipher/journal_statements.h"
#include "storage/sqlcipher/migrations.h"
#include "storage/sqlcipher/turn_check.h"

namespace resguardo::storage {

using sqlcipher::Connection;
using sqlcipher::Statement;

// A journal row in the making.
struct Journal::Row {
  std::uint64_t position = 0;
  Day day;
  std::optional<ConversationTag> tag;
  std::optional<std::uint64_t> counter;
  std::optional<std::uint64_t> earlier_state;
  std::optional<ReportId> report;
  std::optional<std::uint64_t> earlier_turn;
  std::optional<bool> keep_partial;
  std::optional<bool> closing;
  std::optional<ByteView> state;
  std::optional<Bytes> sealed;
};

namespace {

Bytes joined(const std::vector<DedupeTag>& tags) {
  Bytes result;
  for (const DedupeTag& tag : tags) result.insert(result.end(), tag.bytes.begin(), tag.bytes.end());
  return result;
}

Day day_of_turn(const Turn& turn) {
  return turn.report ? turn.report->day : turn.day;
}

// The open report that a conversation's turns belong to although they add nothing to it.
std::optional<ReportName> report_of(const ConversationEntry& entry, const ConversationTag& tag,
                                    const IndexChanges& changes) {
  if (!entry.report) return std::nullopt;
  const auto report = changes.report(*entry.report);
  const bool linked = report && !report->closing && report->writer == changes.name_of(tag);
  return linked ? entry.report : std::nullopt;
}

constexpr Error kNotItsRow = {Fault::kMalformed, "a conversation is missing from the journal"};

LastRow last_row_of(const ReportWrite& write) {
  if (write.rows.empty() || write.rows.back().sequence >= std::numeric_limits<std::uint32_t>::max())
    return {};
  const RowWrite& row = write.rows.back();
  return {LastRow::half(row.segment), static_cast<std::uint32_t>(row.sequence + 1)};
}

}  // namespace

Journal::Journal(Connection connection, std::unique_ptr<Statements> statements)
    : connection_(std::move(connection)), statements_(std::move(statements)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal::~Journal() = default;

Result<Journal> Journal::open(const std::filesystem::path& file, const SecretBytes& key,
                              bool may_be_new) {
  RESGUARDO_TRY(auto db, Connection::open(file, key, {.create = may_be_new}));
  RESGUARDO_TRY(const auto version, db.number("PRAGMA user_version"));
  if (version == 0 && !may_be_new) return Error{Fault::kMalformed, "the newest journal is empty"};
  RESGUARDO_CHECK(sqlcipher::migrate(db, schema::journal));
  RESGUARDO_TRY(
      auto insert,
      db.prepare("INSERT INTO turn (position, day, delivered, tag, counter, earlier_state,"
                 " report, earlier_turn, keep_partial, closing, state, sealed)"
                 " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  RESGUARDO_TRY(auto deliver, db.prepare("INSERT INTO delivered (tag, day) VALUES (?, ?)"
                                         " ON CONFLICT (tag) DO NOTHING"));
  RESGUARDO_TRY(auto of_row, db.prepare("SELECT day, delivered FROM turn WHERE position = ?"));
  RESGUARDO_TRY(auto remove_row, db.prepare("DELETE FROM turn WHERE position = ?"));
  RESGUARDO_TRY(auto clear_state, db.prepare("UPDATE turn SET tag = NULL, counter = NULL,"
                                             " earlier_state = NULL, state = NULL"
                                             " WHERE position = ?"));
  RESGUARDO_TRY(auto clear_report, db.prepare("UPDATE turn SET report = NULL, earlier_turn = NULL,"
                                              " keep_partial = NULL, closing = NULL, sealed = NULL"
                                              " WHERE position = ?"));
  RESGUARDO_TRY(auto next_state, db.prepare("SELECT earlier_state, report FROM turn"
                                            " WHERE position = ? AND tag = ?"));
  RESGUARDO_TRY(auto chain, JournalChain::prepare(db));
  RESGUARDO_TRY(auto list, JournalList::prepare(db));
  RESGUARDO_TRY(auto media, JournalMedia::prepare(db));
  RESGUARDO_TRY(auto ids, JournalIds::prepare(db));
  auto statements = std::make_unique<Statements>(
      Statements{std::move(insert), std::move(deliver), std::move(of_row), std::move(remove_row),
                 std::move(clear_state), std::move(clear_report), std::move(next_state),
                 std::move(chain), std::move(list), std::move(media),
                 std::move(ids)});
  return Journal(std::move(db), std::move(statements));
}

Result<std::optional<TurnOwners>> Journal::ids_at(std::uint64_t position) {
  return statements_->ids.at(position);
}

Status Journal::append(const Turn& turn, IndexChanges& changes) {
  Row row;
  row.position = next_position_++;
  row.day = day_of_turn(turn);
  RESGUARDO_CHECK(end_report(turn, changes));
  RESGUARDO_CHECK(place_conversation(turn, row, changes));
  place_report(turn, row, changes);
  RESGUARDO_CHECK(statements_->media.note(turn, gone_media_));
  const Bytes delivered = joined(turn.delivered);
  for (const DedupeTag& tag : turn.delivered) changes.deliver(tag, row.day);
  if (row.tag || row.report) {
    note_deliveries(turn.delivered.size(), row.day);
    return insert(row, delivered);
  }
  return deliver(delivered, row.day);
}

// What a report's end takes with it before the turn itself is written: the conversation that last
// wrote to it, unless this turn goes on with that one, and, when it is erased, its rows.
Status Journal::end_report(const Turn& turn, IndexChanges& changes) {
  if (!turn.report || turn.report->change == ReportChange::kAppend ||
      turn.report->change == ReportChange::kAddendum)
    return success();
  const ReportId& id = turn.report->report;
  const auto entry = changes.report(id);
  if (!entry) return success();
  const auto writer = entry->writer;
  const bool goes_on =
      turn.conversation && writer == changes.name_of(current_tag(*turn.conversation));
  const auto conversation = writer ? changes.conversation(*writer) : std::nullopt;
  if (!goes_on && conversation && conversation->report == changes.name_of(id)) {
    RESGUARDO_TRY(const auto ids, ids_at(conversation->position));
    if (!ids || !ids->tag) return kNotItsRow;
    RESGUARDO_CHECK(release_states(*ids->tag, conversation->position));
    changes.remove(*writer);
  }
  if (turn.report->change == ReportChange::kClose) return success();
  RESGUARDO_CHECK(release(id, entry->position, changes));
  changes.remove(id);
  return success();
}

Status Journal::place_conversation(const Turn& turn, Row& row, IndexChanges& changes) {
  if (!turn.conversation) return success();
  const ConversationWrite& write = *turn.conversation;
  const bool ends = turn.report && turn.report->change != ReportChange::kAppend;
  const ConversationTag before = current_tag(write);
  ConversationEntry next{row.position, write.expected + 1, std::nullopt};
  if (const auto entry = changes.conversation(before)) {
    row.earlier_state = entry->position;
    if (!turn.report) next.report = report_of(*entry, before, changes);
    if (next.report) {  // also when the turn adds nothing to it: docs/adr/022
      RESGUARDO_TRY(const auto ids, ids_at(entry->position));
      if (!ids || !ids->report) return kNotItsRow;
      row.report = ids->report;
    }
    // Nothing under an older tag, and no old state beside a report that is gone.
    if (write.remove || before != write.tag || ends) {
      RESGUARDO_CHECK(release_states(before, entry->position));
      row.earlier_state.reset();
      changes.remove(before);
    }
  }
  if (write.remove) {
    row.earlier_state.reset();
    row.report.reset();
    return success();
  }
  if (turn.report && !ends) {
    row.report = turn.report->report;
    next.report = changes.name_of(*row.report);
  }
  row.tag = write.tag;
  row.counter = next.counter;
  row.state = write.sealed_state;
  changes.put(write.tag, next);
  return success();
}

void Journal::place_report(const Turn& turn, Row& row, IndexChanges& changes) {
  const bool writes = turn.report && turn.report->change != ReportChange::kErase;
  if (writes) row.report = turn.report->report;
  if (!row.report) return;
  const auto known = changes.report(*row.report);
  ReportEntry entry = known.value_or(ReportEntry{});
  if (known) row.earlier_turn = entry.position;
  const bool adds = writes && turn.report->change == ReportChange::kAddendum;
  if (adds && known) row.day = known->last_turn;  // its reporter has said nothing
  entry.position = row.position;
  entry.last_turn = row.day;
  if (row.tag) entry.writer = changes.name_of(*row.tag);
  if (writes) {
    if (!adds) entry.keep_partial = turn.report->keep_partial;
    entry.closing = turn.report->change == ReportChange::kClose || (adds && !known);
    if (!turn.report->segments.empty()) entry.begun.add(first_week(turn.report->segments));
    for (const Print segment : prints_of(turn.report->segments)) changes.add_segment(segment);
    if (!adds) entry.last = last_row_of(*turn.report);
    row.keep_partial = entry.keep_partial;
    row.closing = entry.closing;
    row.sealed = encode_sealed_part(*turn.report);
  }
  changes.put(*row.report, std::move(entry));
}

Status Journal::insert(const Row& row, ByteView delivered) {
  return statements_->insert.run(row.position, row.day.number, delivered, row.tag, row.counter,
                                 row.earlier_state, row.report, row.earlier_turn, row.keep_partial,
                                 row.closing, row.state, row.sealed);
}

}  // namespace resguardo::storage
