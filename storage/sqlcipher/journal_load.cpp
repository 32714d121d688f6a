// SPDX-License-Identifier: AGPL-3.0-or-later
// The index, rebuilt from a journal: every turn says again what it said when it was appended.
#include <algorithm>
#include <limits>

#include "storage/entry_table.h"
#include "storage/sqlcipher/journal.h"
#include "storage/sqlcipher/journal_list.h"

namespace resguardo::storage {
namespace {

constexpr auto kLast = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

// While a journal is loaded: the ids that have been seen, of which the index keeps the names only.
// Who is new and finds their name taken gets another.
template <class Id>
class Seen {
 public:
  void meet(const Id& id, JournalIndex& index) {
    if (seen_.find(id) != Table::kNone) return;
    seen_.add(id);
    const auto taken = [&](auto name) { return index.has(name); };
    const auto name = index.name_of(id);
    if (taken(name)) index.name(id, another_name(name, taken));
  }

 private:
  struct Entry {
    Id id;
  };
  using Table = EntryTable<Entry>;
  Table seen_;
};

struct Everybody {
  Seen<ConversationTag> conversations;
  Seen<ReportId> reports;
};

void absorb_report(const ListedTurn& turn, JournalIndex& index) {
  ReportEntry entry = index.report(*turn.report).value_or(ReportEntry{});
  entry.position = turn.position;
  entry.last_turn = turn.day;
  if (turn.tag) entry.writer = index.name_of(*turn.tag);
  if (turn.keep_partial) {
    entry.keep_partial = *turn.keep_partial;
    entry.closing = turn.closing.value_or(false);
    if (!turn.segments.empty()) entry.begun.add(turn.week);
    entry.last = {};
  }
  index.put(*turn.report, entry);
  for (const Print segment : turn.segments) index.add_segment(segment);
}

std::optional<ReportName> linked_report(const ListedTurn& turn, const JournalIndex& index) {
  if (!turn.report || turn.closing.value_or(false)) return std::nullopt;
  return index.name_of(*turn.report);
}

void absorb(const ListedTurn& turn, Everybody& seen, JournalIndex& index) {
  if (turn.tag) seen.conversations.meet(*turn.tag, index);
  if (turn.report) seen.reports.meet(*turn.report, index);
  for (const Print print : turn.delivered) index.delivered().insert_one_of_many(print, turn.day);
  if (turn.tag)
    index.put(*turn.tag, ConversationEntry{turn.position, turn.counter.value_or(0),
                                           linked_report(turn, index)});
  if (turn.report) absorb_report(turn, index);
}

// The keys of a table that has had two forms: a tag, or its print.
Result<Print> print_in(ByteView key) {
  if (key.size() == sizeof(Print)) return read_print(key);
  const auto tag = DedupeTag::from(key);
  if (!tag) return Error{Fault::kMalformed, "a journal row does not make sense"};
  return print_of(*tag);
}

Status absorb_deliveries(sqlcipher::Connection& connection, DeliveredIndex& index) {
  RESGUARDO_TRY(auto delivered, connection.prepare("SELECT tag, day FROM delivered"));
  RESGUARDO_TRY(auto rows, delivered.query());
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return success();
    RESGUARDO_TRY(const Print print, print_in(rows.bytes(0)));
    index.insert_one_of_many(print, Day{static_cast<std::int32_t>(rows.integer(1))});
  }
}

}  // namespace

Status Journal::load(JournalIndex& index) {
  std::optional<std::uint64_t> first;
  std::optional<std::uint64_t> last;
  Everybody seen;
  const auto take = [&](const ListedTurn& turn) {
    if (!first) index.begin_at(turn.position);
    if (!first) first = turn.position;
    last = turn.position;
    note_deliveries(turn.delivered.size(), turn.day);
    absorb(turn, seen, index);
    return success();
  };
  RESGUARDO_CHECK(each_listed(connection_, take));
  const auto listed = last;
  RESGUARDO_CHECK(each_turn(connection_, listed.value_or(0), kLast, take));
  listed_ = listed ? *listed : first.value_or(1) - 1;  // an older version's journal lists nothing
  listing_ = listed_;
  next_position_ = last.value_or(0) + 1;
  const Status absorbed = absorb_deliveries(connection_, index.delivered());
  index.delivered().settle();
  return absorbed;
}

}  // namespace resguardo::storage
