// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/next_journal.h"

#include <utility>

#include "schema/journal.h"
#include "storage/sqlcipher/journal_list.h"
#include "storage/sqlcipher/migrations.h"

namespace resguardo::storage {

using sqlcipher::Connection;
using sqlcipher::Statement;

struct NextJournal::Statements {
  Statement add;
  Statement remove;
  Statement deliver;
  JournalList list;
  JournalMedia media;
};

NextJournal::NextJournal(Connection connection, std::unique_ptr<Statements> statements,
                         std::uint64_t first_position)
    : connection_(std::move(connection)),
      statements_(std::move(statements)),
      next_position_(first_position) {}
NextJournal::NextJournal(NextJournal&&) noexcept = default;
NextJournal::~NextJournal() = default;

Result<NextJournal> NextJournal::create(const std::filesystem::path& file, const SecretBytes& key,
                                        std::uint64_t first_position) {
  RESGUARDO_TRY(auto db, Connection::open(file, key, {.create = true}));
  RESGUARDO_CHECK(sqlcipher::migrate(db, schema::journal));
  RESGUARDO_TRY(auto add, db.prepare("INSERT INTO turn (position, day, delivered, tag, counter,"
                                     " report, keep_partial, closing, state, sealed)"
                                     " VALUES (?, ?, x'', ?, ?, ?, ?, ?, ?, ?)"));
  RESGUARDO_TRY(auto remove, db.prepare("DELETE FROM turn WHERE position = ?"));
  RESGUARDO_TRY(auto deliver, db.prepare("INSERT INTO delivered (tag, day) VALUES (?, ?)"
                                         " ON CONFLICT (tag) DO NOTHING"));
  RESGUARDO_TRY(auto list, JournalList::prepare(db));
  RESGUARDO_TRY(auto media, JournalMedia::prepare(db));
  auto statements = std::make_unique<Statements>(Statements{
      std::move(add), std::move(remove), std::move(deliver), std::move(list), std::move(media)});
  return NextJournal(std::move(db), std::move(statements), first_position);
}

Result<std::uint64_t> NextJournal::add(const OpenRow& row) {
  const auto state = [&](auto part) {
    using Part = decltype(part(*row.state));
    return row.state ? std::optional<Part>(part(*row.state)) : std::nullopt;
  };
  const auto report = [&](auto part) {
    using Part = decltype(part(*row.report));
    return row.report ? std::optional<Part>(part(*row.report)) : std::nullopt;
  };
  const std::uint64_t position = next_position_++;
  RESGUARDO_CHECK(statements_->add.run(
      position, row.day.number, state([](const auto& of) { return of.tag; }),
      state([](const auto& of) { return of.conversation.counter; }),
      report([](const auto& of) { return of.report; }),
      report([](const auto& of) { return of.keep_partial; }),
      report([](const auto& of) { return of.closing; }),
      state([](const auto& of) { return ByteView(of.conversation.sealed_state); }),
      report([](const auto& of) { return ByteView(of.sealed); })));
  RESGUARDO_CHECK(list(row, position));
  return position;
}

Status NextJournal::list(const OpenRow& row, std::uint64_t position) {
  ListedTurn turn;
  turn.position = position;
  turn.day = row.day;
  if (row.state) {
    turn.tag = row.state->tag;
    turn.counter = row.state->conversation.counter;
  }
  if (row.report) {
    turn.report = row.report->report;
    turn.keep_partial = row.report->keep_partial;
    turn.closing = row.report->closing;
    turn.segments = row.report->segments;
    turn.week = row.report->week;
  }
  return statements_->list.add(turn);
}

Status NextJournal::remove(std::uint64_t position) {
  RESGUARDO_CHECK(statements_->list.remove(position));
  return statements_->remove.run(position);
}

Status NextJournal::deliver(Print print, Day day) {
  Bytes key;
  append_print(key, print);
  return statements_->deliver.run(key, day.number);
}

Status NextJournal::add(const MediaRow& row) {
  return statements_->media.add(row);
}

Status NextJournal::finish() {
  statements_.reset();
  return connection_.truncate_wal();
}

}  // namespace resguardo::storage
