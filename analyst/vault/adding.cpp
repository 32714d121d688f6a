// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/segment_packs.h"
#include "analyst/vault/vault.h"
#include "analyst/vault/vault_state.h"
#include "crypto/format/media_layout.h"

namespace resguardo::analyst {

struct Vault::Addition::State {
  sqlcipher::Connection& database;
  sqlcipher::Transaction transaction;
  sqlcipher::Statement find_opening;
  SegmentPacks packs;
  // A new one is written when it ends, once. Nothing refers to it before.
  struct Unwritten {
    StoredSegment segment;
    std::int64_t number = 0;
  };
  std::optional<Unwritten> unwritten;

  Status write(const Unwritten& one, std::int64_t rows);
  Status write_unended();
  Result<SegmentFate> read_anew(const StoredSegment& segment, const Opening& who);
};

Status Vault::Addition::State::write(const Unwritten& one, std::int64_t rows) {
  RESGUARDO_TRY(
      auto put,
      database.prepare("INSERT INTO segments (digest, report, position, form, roster, week, day, "
                       "rows, opened, final, roster_verdict, chain, quorum, number) "
                       "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  const StoredSegment& segment = one.segment;
  return put.run(segment.digest, segment.report, segment.index, segment.form, segment.roster,
                 segment.week.number, segment.day.number, rows, segment.opened, segment.final,
                 static_cast<int>(segment.roster_verdict), segment.chain, segment.quorum,
                 one.number);
}

// As one that has begun and not ended.
Status Vault::Addition::State::write_unended() {
  if (!unwritten) return success();
  auto one = std::exchange(unwritten, std::nullopt);
  one->segment.opened = 0;
  one->segment.final = false;
  one->segment.chain.clear();
  return write(*one, -1);
}

Vault::Addition::Addition(std::unique_ptr<State> state) : state_(std::move(state)) {}
Vault::Addition::Addition(Addition&&) noexcept = default;
Vault::Addition::~Addition() = default;

Result<Vault::Addition> Vault::begin() {
  RESGUARDO_TRY(auto transaction, sqlcipher::Transaction::begin(state_->database));
  RESGUARDO_TRY(auto find_opening,
                state_->database.prepare("SELECT rows FROM openings WHERE segment = ? "
                                         "AND member = ? AND origin = ?"));
  RESGUARDO_TRY(auto packs, SegmentPacks::begin(state_->database));
  return Addition(std::make_unique<Addition::State>(Addition::State{
      state_->database, std::move(transaction), std::move(find_opening), std::move(packs), {}}));
}

Result<bool> Vault::Addition::begin_report(const ReportId& id, Day day) {
  RESGUARDO_TRY(auto put, state_->database.prepare(
                              "INSERT INTO reports (report, day, log_verdict, withdrawal_claimed) "
                              "VALUES (?, ?, 0, 0) ON CONFLICT DO NOTHING"));
  RESGUARDO_CHECK(put.run(id, day.number));
  if (state_->database.changes() > 0) return true;
  RESGUARDO_TRY(auto update,
                state_->database.prepare("UPDATE reports SET day = max(day, ?) WHERE report = ?"));
  RESGUARDO_CHECK(update.run(day.number, id));
  return false;
}

Result<std::optional<std::uint64_t>> Vault::Addition::opened_before(const Digest& segment,
                                                                    const Opening& who) {
  RESGUARDO_TRY(auto rows, state_->find_opening.query(segment, who.member, who.origin));
  RESGUARDO_TRY(const bool there, rows.next());
  if (!there) return std::optional<std::uint64_t>();
  return std::optional(static_cast<std::uint64_t>(rows.integer(0)));
}

Status Vault::Addition::begin_segment(const StoredSegment& segment, ByteView header) {
  RESGUARDO_CHECK(state_->write_unended());
  {
    RESGUARDO_TRY(auto find,
                  state_->database.prepare("SELECT number FROM segments WHERE digest = ?"));
    RESGUARDO_TRY(auto rows, find.query(segment.digest));
    RESGUARDO_TRY(const bool there, rows.next());
    if (there) return success();
  }
  RESGUARDO_TRY(const auto number, state_->packs.next_number());
  state_->unwritten = State::Unwritten{segment, number};
  // Shares and files refer to theirs.
  if (segment.quorum != 0 || segment.index >= kFirstAddendum)
    RESGUARDO_CHECK(state_->write_unended());
  return state_->packs.begin_segment(segment.digest, number, header);
}

Status Vault::Addition::add_record(const Digest& segment, std::uint64_t sequence, StreamId stream,
                                   ByteView content) {
  return state_->packs.put_record(segment, sequence, stream, content);
}

Status Vault::Addition::add_row(const Digest& segment, std::uint64_t sequence, ByteView row) {
  return state_->packs.put_row(segment, sequence, row);
}

Status Vault::Addition::end_rows() {
  return state_->packs.flush();
}

namespace {

Status note_opening(sqlcipher::Connection& database, const StoredSegment& segment,
                    const Opening& who) {
  RESGUARDO_TRY(auto put,
                database.prepare(
                    "INSERT INTO openings (segment, member, origin, rows, chain, streams, shares)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                    " rows = excluded.rows, chain = excluded.chain, streams = excluded.streams,"
                    " shares = excluded.shares WHERE excluded.rows >= rows"));
  return put.run(segment.digest, who.member, who.origin, segment.rows, segment.chain, who.streams,
                 who.shares);
}

}  // namespace

Result<SegmentFate> Vault::Addition::end_segment(const StoredSegment& segment, const Opening& who) {
  RESGUARDO_CHECK(end_rows());
  auto& begun = state_->unwritten;
  if (!begun || begun->segment.digest != segment.digest) return state_->read_anew(segment, who);
  begun->segment = segment;
  RESGUARDO_CHECK(state_->write(*begun, static_cast<std::int64_t>(segment.rows)));
  begun.reset();
  if (segment.rows > 0 && segment.opened == segment.rows)
    RESGUARDO_CHECK(note_opening(state_->database, segment, who));
  return SegmentFate::kNew;
}

Result<SegmentFate> Vault::Addition::State::read_anew(const StoredSegment& segment,
                                                      const Opening& who) {
  RESGUARDO_TRY(auto find, database.prepare("SELECT rows, opened FROM segments WHERE digest = ?"));
  std::int64_t rows_before = -1;
  std::uint64_t opened_before = 0;
  {
    RESGUARDO_TRY(auto rows, find.query(segment.digest));
    RESGUARDO_TRY(const bool there, rows.next());
    if (!there) return Error{Fault::kMalformed, "a segment ends that did not begin"};
    rows_before = rows.integer(0);
    opened_before = static_cast<std::uint64_t>(rows.integer(1));
  }
  if (segment.rows > 0 && segment.opened == segment.rows)
    RESGUARDO_CHECK(note_opening(database, segment, who));
  if (rows_before >= 0 && opened_before >= segment.opened) return SegmentFate::kKnown;
  RESGUARDO_TRY(auto put,
                database.prepare("UPDATE segments SET rows = ?, opened = ?, final = ?, day = ?, "
                                 "roster_verdict = ?, chain = ? WHERE digest = ?"));
  RESGUARDO_CHECK(put.run(segment.rows, segment.opened, segment.final, segment.day.number,
                          static_cast<int>(segment.roster_verdict), segment.chain, segment.digest));
  return rows_before < 0 ? SegmentFate::kNew : SegmentFate::kExtended;
}

Status Vault::Addition::commit() {
  RESGUARDO_CHECK(end_rows());
  RESGUARDO_CHECK(state_->write_unended());
  return state_->transaction.commit();
}

}  // namespace resguardo::analyst
