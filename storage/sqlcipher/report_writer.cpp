// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/report_writer.h"

#include <functional>
#include <ranges>
#include <utility>
#include <vector>

#include "crypto/format/entry_day.h"
#include "schema/reports.h"
#include "storage/header_wrap.h"
#include "storage/sqlcipher/log_turnover.h"
#include "storage/sqlcipher/migrations.h"
#include "storage/sqlcipher/report_return.h"
#include "storage/sqlcipher/report_rows.h"
#include "storage/sqlcipher/report_slots.h"
#include "storage/sqlcipher/transaction.h"

namespace resguardo::storage {

using sqlcipher::Connection;
using sqlcipher::Statement;
using sqlcipher::Transaction;

struct ReportWriter::Statements {
  Statement report;
  Statement segment;
  Statement row;
  Statement entry;
  Statement receipt;
  Statement has_segment;
  Statement fact;
  Statement forget_said;
  Statement has_report;
  Statement has_addendum;
  Statement media;
  Statement has_media;
};

namespace {

template <class Item>
void shuffle(std::vector<Item>& items, RandomSource& random) {
  for (std::size_t left = items.size(); left > 1; --left)
    std::swap(items[left - 1], items[random.below(static_cast<std::uint32_t>(left))]);
}

using Cells = std::map<ReportId, std::uint32_t>;

// Pointers to every part of every report that has a cell, in random order.
template <class Of>
auto shuffled_parts(std::span<const ClosedReport> reports, const Cells& cells, Of parts_of,
                    RandomSource& random) {
  using Part = std::ranges::range_value_t<decltype(parts_of(reports[0]))>;
  std::vector<std::pair<const ClosedReport*, const Part*>> all;
  for (const ClosedReport& report : reports)
    if (cells.contains(report.report))
      for (const Part& part : parts_of(report)) all.emplace_back(&report, &part);
  shuffle(all, random);
  return all;
}

template <class Part>
auto shuffled(std::span<const ClosedReport> reports, const Cells& cells,
              std::vector<Part> SealedPart::* member, RandomSource& random) {
  return shuffled_parts(
      reports, cells,
      [member](const ClosedReport& report) -> const std::vector<Part>& {
        return report.parts.*member;
      },
      random);
}

}  // namespace

ReportWriter::ReportWriter(Connection connection, std::unique_ptr<Statements> statements,
                           std::shared_ptr<SlotFile> slots)
    : connection_(std::move(connection)),
      slots_(std::move(slots)),
      statements_(std::move(statements)) {}
ReportWriter::ReportWriter(ReportWriter&&) noexcept = default;
ReportWriter& ReportWriter::operator=(ReportWriter&&) noexcept = default;
ReportWriter::~ReportWriter() = default;

Result<ReportWriter> ReportWriter::beside(const std::filesystem::path& copy,
                                          const SecretBytes& key) const {
  RESGUARDO_TRY(auto db, Connection::open(copy, key, {}));
  RESGUARDO_TRY(auto statements, prepare(db));
  return ReportWriter(std::move(db), std::move(statements), slots_);
}

Result<ReportWriter> ReportWriter::open(const Files& files, const SecretBytes& key, bool create,
                                        RandomSource& random) {
  RESGUARDO_TRY(auto db, Connection::open(files.reports, key, {.create = create}));
  RESGUARDO_CHECK(sqlcipher::migrate(db, schema::reports));
  RESGUARDO_TRY(auto slots, open_slots(db, files.slots));
  RESGUARDO_CHECK(wrap_old_headers(db, *slots, random));
  RESGUARDO_CHECK(use_incremental_vacuum(db));
  RESGUARDO_TRY(auto statements, prepare(db));
  ReportWriter writer(std::move(db), std::move(statements), std::move(slots));
  RESGUARDO_CHECK(writer.finish_ends(random));
  return writer;
}

Result<std::unique_ptr<ReportWriter::Statements>> ReportWriter::prepare(Connection& db) {
  // What a repeated move meets is left as it is; any other clash, such as two equal random ids,
  // is an error and the move is made again.
  RESGUARDO_TRY(auto report,
                db.prepare("INSERT INTO report (id, closed, slot) VALUES (?, ?, ?) ON CONFLICT (id)"
                           " DO UPDATE SET closed = max(closed, excluded.closed)"));
  RESGUARDO_TRY(auto segment,
                db.prepare("INSERT INTO segment (id, segment, report, ordinal, header)"
                           " VALUES (?, ?, ?, ?, ?) ON CONFLICT (segment) DO NOTHING"));
  RESGUARDO_TRY(auto row, db.prepare("INSERT INTO sealed_row (id, segment, sequence, sealed)"
                                     " VALUES (?, ?, ?, ?) ON CONFLICT (segment, sequence)"
                                     " DO NOTHING"));
  RESGUARDO_TRY(auto entry, db.prepare(kLogOnce));
  RESGUARDO_TRY(auto receipt,
                db.prepare("INSERT INTO receipt (lookup, report, wrapped_mailbox, withdrawal_key)"
                           " VALUES (?, ?, ?, ?) ON CONFLICT (lookup) DO NOTHING"));
  RESGUARDO_TRY(auto has_segment, db.prepare("SELECT 1 FROM segment WHERE segment = ?"));
  RESGUARDO_TRY(auto fact, db.prepare("INSERT INTO fact (name, value) VALUES (?, ?) ON CONFLICT"
                                      " (name) DO UPDATE SET value = excluded.value"));
  RESGUARDO_TRY(auto forget_said, db.prepare("DELETE FROM acknowledged WHERE report = ?"));
  RESGUARDO_TRY(auto has_report, db.prepare("SELECT 1 FROM report WHERE id = ?"));
  RESGUARDO_TRY(auto has_addendum, db.prepare("SELECT 1 FROM segment WHERE report = ?"
                                              " AND ordinal = ?"));
  RESGUARDO_TRY(auto media, db.prepare("INSERT INTO media (media, report, bytes, ciphertext)"
                                       " VALUES (?, ?, ?, ?) ON CONFLICT (media) DO NOTHING"));
  RESGUARDO_TRY(auto has_media, db.prepare("SELECT 1 FROM media WHERE media = ?"));
  return std::make_unique<Statements>(Statements{
      std::move(report), std::move(segment), std::move(row), std::move(entry), std::move(receipt),
      std::move(has_segment), std::move(fact), std::move(forget_said), std::move(has_report),
      std::move(has_addendum), std::move(media), std::move(has_media)});
}

Result<bool> ReportWriter::has_segment(const Digest& segment) {
  RESGUARDO_TRY(auto rows, statements_->has_segment.query(segment));
  return rows.next();
}

Result<bool> ReportWriter::has_report(const ReportId& report) {
  RESGUARDO_TRY(auto rows, statements_->has_report.query(report));
  return rows.next();
}

Result<bool> ReportWriter::has_addendum(const ReportId& report, std::uint32_t index) {
  RESGUARDO_TRY(auto rows, statements_->has_addendum.query(report, index));
  return rows.next();
}

Result<bool> ReportWriter::has_media(const MediaId& media) {
  RESGUARDO_TRY(auto rows, statements_->has_media.query(media));
  return rows.next();
}

// The cell of a report that is there, or a new one. Nothing: these are addenda, and it is gone.
Result<std::optional<std::uint32_t>> ReportWriter::slot_for(const ClosedReport& report,
                                                            RandomSource& random, bool& given) {
  const auto slot = slot_of(connection_, report.report);
  if (slot.ok()) return std::optional(*slot);
  if (slot.error().fault != Fault::kNotFound) return slot.error();
  if (report.parts.is_only_addenda()) return std::optional<std::uint32_t>();
  given = true;
  RESGUARDO_TRY(const auto cell, slots_->give(report.report, random));
  return std::optional(cell);
}

// The keys are on disk before anything that is under them. Whose end was noted has no key any more,
// or will have none: what comes now comes after that end.
Status ReportWriter::add(std::span<const ClosedReport> reports, RandomSource& random) {
  RESGUARDO_CHECK(finish_ends(random));
  bool given = false;
  std::map<ReportId, std::uint32_t> cells;
  for (const ClosedReport& report : reports) {
    RESGUARDO_TRY(const auto cell, slot_for(report, random, given));
    if (cell) cells.emplace(report.report, *cell);
  }
  if (given) RESGUARDO_CHECK(slots_->sync());
  RESGUARDO_TRY(auto transaction, Transaction::begin(connection_));
  RESGUARDO_CHECK(add_rows(reports, cells, random));
  RESGUARDO_CHECK(transaction.commit());
  for (const auto& [report, cell] : cells) slots_->confirm(report);
  return success();
}

Status ReportWriter::add_rows(std::span<const ClosedReport> reports,
                              const std::map<ReportId, std::uint32_t>& cells,
                              RandomSource& random) {
  std::map<ReportId, SecretBytes> keys;
  for (const ClosedReport& report : reports) {
    const auto cell = cells.find(report.report);
    if (cell == cells.end()) continue;
    RESGUARDO_TRY(auto key, slots_->key_of(cell->second, report.report));
    keys.emplace(report.report, std::move(key));
    if (report.parts.is_only_addenda()) continue;  // the day on which it closed stays
    RESGUARDO_CHECK(statements_->report.run(report.report, report.closed.number, cell->second));
  }
  for (const auto& [report, segment] : shuffled(reports, cells, &SealedPart::segments, random)) {
    RESGUARDO_TRY(const Bytes wrapped,
                  wrap_header(segment->header, {report->report, segment->index, segment->segment},
                              keys.at(report->report)));
    RESGUARDO_CHECK(statements_->segment.run(random_row_id(random), segment->segment,
                                             report->report, segment->index, wrapped));
    // Nobody has said anything of what is new. One that is there already changes nothing.
    if (connection_.changes() > 0) RESGUARDO_CHECK(statements_->forget_said.run(report->report));
  }
  RowIds ids(random);
  for (const auto& [report, row] : shuffled(reports, cells, &SealedPart::rows, random))
    RESGUARDO_CHECK(statements_->row.run(ids.of(row->segment, row->sequence), row->segment,
                                         row->sequence, row->row));
  for (const auto& [report, entry] : shuffled(reports, cells, &SealedPart::log_entries, random))
    RESGUARDO_CHECK(statements_->entry.run(random_row_id(random), *entry, report->closed.number));
  RESGUARDO_CHECK(add_receipts(reports, cells, random));
  RESGUARDO_CHECK(log_addenda(reports, cells, random));
  return add_media(reports, cells, random);
}

// What a repeated move brings is there already, and changes nothing.
Status ReportWriter::add_receipts(std::span<const ClosedReport> reports, const Cells& cells,
                                  RandomSource& random) {
  const auto last = [](const ClosedReport& report) {
    return std::span(report.parts.receipts).last(report.parts.receipts.empty() ? 0 : 1);
  };
  for (const auto& [report, receipt] : shuffled_parts(reports, cells, last, random)) {
    RESGUARDO_CHECK(statements_->receipt.run(receipt->lookup, report->report,
                                             receipt->wrapped_mailbox, receipt->withdrawal_key));
    if (connection_.changes() == 0) continue;
    RESGUARDO_TRY(const bool replaced, take_place(connection_, report->report, receipt->lookup));
    wal_holds_erased_ = wal_holds_erased_ || replaced;
  }
  return success();
}

Status ReportWriter::log_addenda(std::span<const ClosedReport> reports, const Cells& cells,
                                 RandomSource& random) {
  for (const auto& [report, undated] :
       shuffled(reports, cells, &SealedPart::undated_entries, random)) {
    RESGUARDO_TRY(const Bytes entry, entry_on(*undated, report->closed));
    RESGUARDO_CHECK(log(report->closed, entry, random));
  }
  return success();
}

Status ReportWriter::add_media(std::span<const ClosedReport> reports, const Cells& cells,
                               RandomSource& random) {
  const auto of_report = [](const ClosedReport& report) -> const auto& { return report.media; };
  for (const auto& [report, file] : shuffled_parts(reports, cells, of_report, random))
    RESGUARDO_CHECK(
        statements_->media.run(file->media, report->report, file->bytes, file->ciphertext));
  return success();
}

Result<std::size_t> ReportWriter::erase(std::span<const Erasure> reports, RandomSource& random) {
  for (const Erasure& one : reports)
    if (one.entry.size() > kMostErasureEntry) return kLongErasureEntry;
  const std::size_t begun = slots_->unfinished().size();
  RESGUARDO_CHECK(finish_ends(random));
  const std::size_t finished = begun - slots_->unfinished().size();
  std::map<ReportId, SlotErasure> due;
  for (const Erasure& one : reports) {
    const auto cell = slot_of(connection_, one.report);
    if (!cell.ok() && cell.error().fault == Fault::kNotFound) continue;
    if (!cell.ok()) return cell.error();
    RESGUARDO_TRY(const std::size_t segments, segments_of(connection_, one.report));
    if (one.segments != 0 && one.segments != segments) continue;
    due.try_emplace(one.report, SlotErasure{*cell, one.report, one.day, one.entry});
  }
  std::vector<SlotErasure> ends;
  for (const auto& [report, erasure] : due) ends.push_back(erasure);
  RESGUARDO_CHECK(end(ends, random));
  return finished + ends.size();
}

// kUnavailable: later. What is damaged cannot be taken out, now or later; its key is gone all the
// same, the log says so, and nothing else waits for it.
Status ReportWriter::finish_ends(RandomSource& random) {
  for (const SlotErasure& one : slots_->unfinished()) {
    const Status done = end({&one, 1}, random);
    if (done.ok()) continue;
    if (done.error().fault == Fault::kUnavailable) return done;
    RESGUARDO_CHECK(log(one.day, one.entry, random));
  }
  return success();
}

// What the log will say is on disk before a key goes, and the keys are gone from it before the
// rows are: cut short anywhere, the next call or the next start makes it again.
Status ReportWriter::end(std::span<const SlotErasure> erasures, RandomSource& random) {
  if (erasures.empty()) return success();
  std::vector<SlotErasure> first;
  for (const SlotErasure& one : erasures) {
    RESGUARDO_TRY(auto noted, slots_->begin_end(one, random));
    first.push_back(std::move(noted));
  }
  RESGUARDO_CHECK(slots_->sync());
  for (const SlotErasure& one : first) RESGUARDO_CHECK(slots_->overwrite_key(one));
  RESGUARDO_CHECK(slots_->sync());
  RESGUARDO_TRY(auto files, media_of(connection_, first));
  RESGUARDO_CHECK(take_out(connection_, first, random));
  gone_media_.insert(gone_media_.end(), files.begin(), files.end());
  for (const SlotErasure& one : first) slots_->finish_end(one);
  wal_holds_erased_ = true;
  static_cast<void>(connection_.execute("PRAGMA incremental_vacuum").ok());  // or with the next one
  tidy();
  return success();
}

Status ReportWriter::take_replies(const ReportId& report, std::span<const ReplyId> replies) {
  RESGUARDO_TRY(const std::size_t taken, storage::take_replies(connection_, report, replies));
  wal_holds_erased_ = wal_holds_erased_ || taken > 0;
  tidy();
  return success();
}

Result<bool> ReportWriter::link(const LinkWrite& link, std::span<const LinkTag> before) {
  RESGUARDO_TRY(const LinkChange change, store_link(connection_, *slots_, link, before));
  wal_holds_erased_ = wal_holds_erased_ || change.gone > 0;
  tidy();
  return change.there;
}

Status ReportWriter::forget_links(std::span<const LinkTag> tags) {
  RESGUARDO_TRY(const std::size_t gone, storage::forget_links(connection_, tags));
  wal_holds_erased_ = wal_holds_erased_ || gone > 0;
  tidy();
  return success();
}

Status ReportWriter::forget_links_before(Day day) {
  RESGUARDO_TRY(const std::size_t gone, storage::forget_links_before(connection_, day));
  wal_holds_erased_ = wal_holds_erased_ || gone > 0;
  tidy();
  return success();
}

void ReportWriter::tidy() {
  if (wal_holds_erased_ && connection_.truncate_wal_unless_read().ok()) wal_holds_erased_ = false;
}

Status ReportWriter::log(Day day, ByteView entry, RandomSource& random) {
  return statements_->entry.run(random_row_id(random), entry, day.number);
}

// What the log shall say of an end belongs to the day on which it was noted: that day waits for it.
Status ReportWriter::turn_over_log(Day day, LogBuilder& builder, RandomSource& random) {
  RESGUARDO_CHECK(finish_ends(random));
  return turn_over(connection_, day, builder);
}

Status ReportWriter::set_fact(std::string_view name, ByteView value) {
  return statements_->fact.run(name, value);
}

}  // namespace resguardo::storage
