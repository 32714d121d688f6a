// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/report_writer.h"

#include <functional>
#include <utility>
#include <vector>

#include "schema/reports.h"
#include "storage/sqlcipher/log_turnover.h"
#include "storage/sqlcipher/migrations.h"
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
};

namespace {

// Never negative, never 0; the next draw is as likely to be smaller as to be larger.
std::int64_t random_id(RandomSource& random) {
  std::array<std::uint8_t, 8> bytes{};
  random.fill(bytes);
  std::uint64_t id = 0;
  for (const std::uint8_t byte : bytes) id = id << 8 | byte;
  return static_cast<std::int64_t>((id >> 1) | 1);
}

template <class Item>
void shuffle(std::vector<Item>& items, RandomSource& random) {
  for (std::size_t left = items.size(); left > 1; --left)
    std::swap(items[left - 1], items[random.below(static_cast<std::uint32_t>(left))]);
}

// Pointers to every part of every report, in random order.
template <class Part>
auto shuffled(std::span<const ClosedReport> reports, std::vector<Part> SealedPart::* member,
              RandomSource& random) {
  std::vector<std::pair<const ClosedReport*, const Part*>> all;
  for (const ClosedReport& report : reports)
    for (const Part& part : report.parts.*member) all.emplace_back(&report, &part);
  shuffle(all, random);
  return all;
}

}  // namespace

ReportWriter::ReportWriter(Connection connection, std::unique_ptr<Statements> statements)
    : connection_(std::move(connection)), statements_(std::move(statements)) {}
ReportWriter::ReportWriter(ReportWriter&&) noexcept = default;
ReportWriter::~ReportWriter() = default;

Result<ReportWriter> ReportWriter::open(const std::filesystem::path& file, const SecretBytes& key,
                                        bool create) {
  RESGUARDO_TRY(auto db, Connection::open(file, key, {.create = create}));
  RESGUARDO_CHECK(sqlcipher::migrate(db, schema::reports));
  // What a repeated move meets is left as it is; any other clash, such as two equal random ids,
  // is an error and the move is made again.
  RESGUARDO_TRY(auto report,
                db.prepare("INSERT INTO report (id, closed) VALUES (?, ?) ON CONFLICT (id)"
                           " DO UPDATE SET closed = max(closed, excluded.closed)"));
  RESGUARDO_TRY(auto segment,
                db.prepare("INSERT INTO segment (id, segment, report, ordinal, header)"
                           " VALUES (?, ?, ?, ?, ?) ON CONFLICT (segment) DO NOTHING"));
  RESGUARDO_TRY(auto row, db.prepare("INSERT INTO sealed_row (id, segment, sequence, sealed)"
                                     " VALUES (?, ?, ?, ?) ON CONFLICT (segment, sequence)"
                                     " DO NOTHING"));
  RESGUARDO_TRY(auto entry, db.prepare("INSERT INTO log_entry (id, entry, day) SELECT ?1, ?2, ?3"
                                       " WHERE NOT EXISTS"
                                       " (SELECT 1 FROM logged WHERE entry = ?2)"
                                       " ON CONFLICT (entry) DO NOTHING"));
  RESGUARDO_TRY(auto receipt,
                db.prepare("INSERT INTO receipt (lookup, report, wrapped_mailbox, withdrawal_key)"
                           " VALUES (?, ?, ?, ?) ON CONFLICT (lookup) DO NOTHING"));
  RESGUARDO_TRY(auto has_segment, db.prepare("SELECT 1 FROM segment WHERE segment = ?"));
  RESGUARDO_TRY(auto fact, db.prepare("INSERT INTO fact (name, value) VALUES (?, ?) ON CONFLICT"
                                      " (name) DO UPDATE SET value = excluded.value"));
  auto statements = std::make_unique<Statements>(
      Statements{std::move(report), std::move(segment), std::move(row), std::move(entry),
                 std::move(receipt), std::move(has_segment), std::move(fact)});
  return ReportWriter(std::move(db), std::move(statements));
}

Result<bool> ReportWriter::has_segment(const Digest& segment) {
  RESGUARDO_TRY(auto rows, statements_->has_segment.query(segment));
  return rows.next();
}

Status ReportWriter::add(std::span<const ClosedReport> reports, RandomSource& random) {
  RESGUARDO_TRY(auto transaction, Transaction::begin(connection_));
  for (const ClosedReport& report : reports)
    RESGUARDO_CHECK(statements_->report.run(report.report, report.closed.number));
  for (const auto& [report, segment] : shuffled(reports, &SealedPart::segments, random))
    RESGUARDO_CHECK(statements_->segment.run(random_id(random), segment->segment, report->report,
                                             segment->index, segment->header));
  for (const auto& [report, row] : shuffled(reports, &SealedPart::rows, random))
    RESGUARDO_CHECK(statements_->row.run(random_id(random), row->segment, row->sequence, row->row));
  for (const auto& [report, entry] : shuffled(reports, &SealedPart::log_entries, random))
    RESGUARDO_CHECK(statements_->entry.run(random_id(random), *entry, report->closed.number));
  for (const auto& [report, receipt] : shuffled(reports, &SealedPart::receipts, random))
    RESGUARDO_CHECK(statements_->receipt.run(receipt->lookup, report->report,
                                             receipt->wrapped_mailbox, receipt->withdrawal_key));
  return transaction.commit();
}

Status ReportWriter::log(Day day, ByteView entry, RandomSource& random) {
  return statements_->entry.run(random_id(random), entry, day.number);
}

Status ReportWriter::turn_over_log(Day day, LogBuilder& builder) {
  return turn_over(connection_, day, builder);
}

Status ReportWriter::set_fact(std::string_view name, ByteView value) {
  return statements_->fact.run(name, value);
}

}  // namespace resguardo::storage
