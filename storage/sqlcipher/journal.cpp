// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/journal.h"

#include <algorithm>
#include <utility>

#include "schema/journal.h"
#include "storage/sqlcipher/journal_chain.h"
#include "storage/sqlcipher/migrations.h"
#include "storage/sqlcipher/turn_check.h"

namespace resguardo::storage {

using sqlcipher::Connection;
using sqlcipher::Statement;

struct Journal::Statements {
  Statement insert;
  Statement deliver;
  Statement of_row;
  Statement remove_row;
  Statement clear_state;
  Statement clear_report;
  Statement next_state;
  JournalChain chain;
};

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

constexpr Error kBrokenChain = {Fault::kMalformed, "the journal's chain of turns is broken"};

Bytes joined(const std::vector<DedupeTag>& tags) {
  Bytes result;
  for (const DedupeTag& tag : tags) result.insert(result.end(), tag.bytes.begin(), tag.bytes.end());
  return result;
}

Day day_of_turn(const Turn& turn) {
  return turn.report ? turn.report->day : turn.day;
}

// What a turn's segments and rows add to what is known of its report.
template <class Part>
void extend(ReportEntry& entry, const Part& part) {
  for (const SegmentWrite& segment : part.segments) entry.segments.emplace_back(segment.segment, 0);
  for (const RowWrite& row : part.rows)
    for (auto& [segment, next] : entry.segments)
      if (segment == row.segment) next = row.sequence + 1;
}

// The open report that a conversation's turns belong to although they add nothing to it.
std::optional<ReportId> report_of(const ConversationEntry& entry, const ConversationTag& tag,
                                  const IndexChanges& changes) {
  const ReportEntry* report = entry.report ? changes.report(*entry.report) : nullptr;
  const bool linked = report != nullptr && !report->closing && report->writer == tag;
  return linked ? entry.report : std::nullopt;
}

std::optional<std::uint64_t> position_in(const sqlcipher::Rows& rows, int column) {
  if (rows.is_null(column)) return std::nullopt;
  return static_cast<std::uint64_t>(rows.integer(column));
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
  auto statements = std::make_unique<Statements>(Statements{
      std::move(insert), std::move(deliver), std::move(of_row), std::move(remove_row),
      std::move(clear_state), std::move(clear_report), std::move(next_state), std::move(chain)});
  return Journal(std::move(db), std::move(statements));
}

Status Journal::append(const Turn& turn, IndexChanges& changes) {
  Row row;
  row.position = next_position_++;
  row.day = day_of_turn(turn);
  RESGUARDO_CHECK(end_report(turn, changes));
  RESGUARDO_CHECK(place_conversation(turn, row, changes));
  place_report(turn, row, changes);
  const Bytes delivered = joined(turn.delivered);
  for (const DedupeTag& tag : turn.delivered) changes.deliver(tag, row.day);
  if (row.tag || row.report) return insert(row, delivered);
  return deliver(delivered, row.day);
}

// What a report's end takes with it before the turn itself is written: the conversation that last
// wrote to it, unless this turn goes on with that one, and, when it is erased, its rows.
Status Journal::end_report(const Turn& turn, IndexChanges& changes) {
  if (!turn.report || turn.report->change == ReportChange::kAppend) return success();
  const ReportId& id = turn.report->report;
  const ReportEntry* entry = changes.report(id);
  if (entry == nullptr) return success();
  const auto writer = entry->writer;
  const bool goes_on = turn.conversation && writer == current_tag(*turn.conversation);
  const ConversationEntry* conversation = writer ? changes.conversation(*writer) : nullptr;
  if (!goes_on && conversation != nullptr && conversation->report == id) {
    RESGUARDO_CHECK(release_states(*writer, conversation->position));
    changes.remove(*writer);
  }
  if (turn.report->change == ReportChange::kClose) return success();
  RESGUARDO_CHECK(release(id, entry->position));
  changes.remove(id);
  return success();
}

Status Journal::place_conversation(const Turn& turn, Row& row, IndexChanges& changes) {
  if (!turn.conversation) return success();
  const ConversationWrite& write = *turn.conversation;
  const bool ends = turn.report && turn.report->change != ReportChange::kAppend;
  const ConversationTag before = current_tag(write);
  ConversationEntry next{row.position, write.expected + 1, std::nullopt};
  if (const ConversationEntry* entry = changes.conversation(before)) {
    row.earlier_state = entry->position;
    if (!turn.report) next.report = report_of(*entry, before, changes);
    // Nothing under an older tag, and no old state beside a report that is gone.
    if (write.remove || before != write.tag || ends) {
      RESGUARDO_CHECK(release_states(before, entry->position));
      row.earlier_state.reset();
      changes.remove(before);
    }
  }
  if (write.remove) {
    row.earlier_state.reset();
    return success();
  }
  if (turn.report && !ends) next.report = turn.report->report;
  row.tag = write.tag;
  row.counter = next.counter;
  row.state = write.sealed_state;
  row.report = next.report;  // also when the turn adds nothing to it: docs/adr/022
  changes.put(write.tag, next);
  return success();
}

void Journal::place_report(const Turn& turn, Row& row, IndexChanges& changes) {
  const bool writes = turn.report && turn.report->change != ReportChange::kErase;
  if (writes) row.report = turn.report->report;
  if (!row.report) return;
  const ReportEntry* known = changes.report(*row.report);
  ReportEntry entry = known == nullptr ? ReportEntry{} : *known;
  if (known != nullptr) row.earlier_turn = entry.position;
  entry.position = row.position;
  entry.last_turn = row.day;
  if (row.tag) entry.writer = row.tag;
  if (writes) {
    entry.keep_partial = turn.report->keep_partial;
    entry.closing = turn.report->change == ReportChange::kClose;
    extend(entry, *turn.report);
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

Status Journal::deliver(ByteView tags, Day day) {
  for (; !tags.empty(); tags = tags.subspan(DedupeTag::kSize)) {
    if (tags.size() < DedupeTag::kSize) return kBrokenChain;
    RESGUARDO_CHECK(statements_->deliver.run(tags.first(DedupeTag::kSize), day.number));
  }
  return success();
}

// The row goes; that its messages were delivered stays, without their order.
Status Journal::remove_row(std::uint64_t position) {
  Bytes delivered;
  Day day;
  {
    RESGUARDO_TRY(auto rows, statements_->of_row.query(position));
    RESGUARDO_TRY(const bool found, rows.next());
    if (!found) return kBrokenChain;
    day.number = static_cast<std::int32_t>(rows.integer(0));
    delivered = to_bytes(rows.bytes(1));
  }
  RESGUARDO_CHECK(deliver(delivered, day));
  return statements_->remove_row.run(position);
}

Status Journal::release_states(const ConversationTag& tag, std::uint64_t position) {
  released_ = true;
  for (std::optional<std::uint64_t> at = position; at;) {
    const std::uint64_t current = *at;
    bool alone = false;
    {
      RESGUARDO_TRY(auto rows, statements_->next_state.query(current, tag));
      RESGUARDO_TRY(const bool found, rows.next());
      if (!found) return kBrokenChain;
      at = position_in(rows, 0);
      alone = rows.is_null(1);
    }
    if (at && *at >= current) return kBrokenChain;
    RESGUARDO_CHECK(alone ? remove_row(current) : statements_->clear_state.run(current));
  }
  return success();
}

Status Journal::release(const ReportId& id, std::uint64_t position) {
  released_ = true;
  for (std::optional<std::uint64_t> at = position; at;) {
    const std::uint64_t current = *at;
    RESGUARDO_TRY(const auto turn, statements_->chain.turn(id, current));
    at = turn.earlier;
    RESGUARDO_CHECK(turn.alone ? remove_row(current) : statements_->clear_report.run(current));
  }
  return success();
}

Result<ClosedReport> Journal::collect(const ReportId& id, const ReportEntry& entry) {
  RESGUARDO_TRY(auto parts, statements_->chain.parts(id, entry.position));
  return ClosedReport{id, entry.last_turn, std::move(parts)};
}

Status Journal::forget_deliveries_before(Day day) {
  RESGUARDO_TRY(auto alone, connection_.prepare("DELETE FROM delivered WHERE day < ?"));
  RESGUARDO_CHECK(alone.run(day.number));
  RESGUARDO_TRY(auto in_turns, connection_.prepare("UPDATE turn SET delivered = x''"
                                                   " WHERE day < ? AND length(delivered) > 0"));
  return in_turns.run(day.number);
}

}  // namespace resguardo::storage
