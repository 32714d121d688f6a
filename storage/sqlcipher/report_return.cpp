// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/report_return.h"

#include <algorithm>
#include <tuple>

#include "crypto/format/media_layout.h"
#include "storage/slot_wrap.h"
#include "storage/sqlcipher/report_rows.h"
#include "storage/sqlcipher/report_slots.h"
#include "storage/sqlcipher/transaction.h"

namespace resguardo::storage {

using sqlcipher::Connection;
using sqlcipher::Statement;
using sqlcipher::Transaction;

namespace {

constexpr Error kBrokenReturnRow = {Fault::kMalformed,
                                    "a row of the report store does not make sense"};
constexpr std::string_view kReplyKind = "reply";

Bytes reply_place(const ReplyId& reply, const ReportId& report) {
  Bytes place = to_bytes(reply.view());
  place.insert(place.end(), report.bytes.begin(), report.bytes.end());
  return place;
}

Result<std::uint32_t> next_ordinal(Connection& connection, const ReportId& report) {
  RESGUARDO_TRY(auto query, connection.prepare("SELECT coalesce(max(ordinal) + 1, 0) FROM segment"
                                               " WHERE report = ? AND ordinal < ?"));
  RESGUARDO_TRY(auto rows, query.query(report, std::int64_t{kFirstAddendum}));
  RESGUARDO_TRY(const bool found, rows.next());
  return found ? static_cast<std::uint32_t>(rows.integer(0)) : 0;
}

class Delivery {
 public:
  static Result<Delivery> prepare(Connection& connection, const SlotFile& slots) {
    RESGUARDO_TRY(auto known, connection.prepare("SELECT 1 FROM taken_reply WHERE reply = ?1"
                                                 " UNION ALL SELECT 1 FROM reply"
                                                 " WHERE reply = ?1"));
    RESGUARDO_TRY(auto count, connection.prepare("SELECT count(*) FROM reply WHERE report = ?"));
    RESGUARDO_TRY(auto insert, connection.prepare("INSERT INTO reply (id, reply, report, day,"
                                                  " sealed) VALUES (?, ?, ?, ?, ?)"));
    return Delivery(connection, slots, std::move(known), std::move(count), std::move(insert));
  }

  Status add(const ReplyWrite& reply, RandomSource& random) {
    const auto cell = slot_of(connection_, reply.report);
    if (!cell.ok() && cell.error().fault == Fault::kUnavailable) return cell.error();
    const auto key = cell.ok() ? slots_.key_of(*cell, reply.report) : cell.error();
    if (!key.ok()) return count_in(done_.unknown);
    RESGUARDO_TRY(const bool known, is_known(reply.id));
    if (known) return count_in(done_.known);
    RESGUARDO_TRY(const std::size_t waiting, waiting_for(reply.report));
    if (waiting >= kMostReplies) return count_in(done_.full);
    RESGUARDO_TRY(const Bytes wrapped, wrap_under_slot(reply.sealed, kReplyKind,
                                                       reply_place(reply.id, reply.report), *key));
    RESGUARDO_CHECK(
        insert_.run(random_row_id(random), reply.id, reply.report, reply.day.number, wrapped));
    return count_in(done_.added);
  }
  const Delivered& done() const { return done_; }

 private:
  Delivery(Connection& connection, const SlotFile& slots, Statement known, Statement count,
           Statement insert)
      : connection_(connection),
        slots_(slots),
        known_(std::move(known)),
        count_(std::move(count)),
        insert_(std::move(insert)) {}
  static Status count_in(std::size_t& number) {
    ++number;
    return success();
  }
  Result<bool> is_known(const ReplyId& reply) {
    RESGUARDO_TRY(auto rows, known_.query(reply));
    return rows.next();
  }
  Result<std::size_t> waiting_for(const ReportId& report) {
    RESGUARDO_TRY(auto rows, count_.query(report));
    RESGUARDO_TRY(const bool found, rows.next());
    return found ? static_cast<std::size_t>(rows.integer(0)) : 0;
  }

  Connection& connection_;
  const SlotFile& slots_;
  Statement known_;
  Statement count_;
  Statement insert_;
  Delivered done_;
};

}  // namespace

Result<std::optional<ReceiptFound>> stored_receipt(Connection& connection,
                                                   const ReceiptLookup& lookup) {
  RESGUARDO_TRY(auto query, connection.prepare("SELECT report, wrapped_mailbox, withdrawal_key"
                                               " FROM receipt WHERE lookup = ?"));
  ReceiptFound found;
  {
    RESGUARDO_TRY(auto rows, query.query(lookup));
    RESGUARDO_TRY(const bool there, rows.next());
    if (!there) return std::optional<ReceiptFound>();
    const auto report = ReportId::from(rows.bytes(0));
    if (!report) return kBrokenReturnRow;
    found = {*report, 0, false, to_bytes(rows.bytes(1)), to_bytes(rows.bytes(2))};
  }
  RESGUARDO_TRY(found.next_segment, next_ordinal(connection, found.report));
  return std::optional(std::move(found));
}

Result<Delivered> store_replies(Connection& connection, const SlotFile& slots,
                                std::span<const ReplyWrite> replies, RandomSource& random) {
  for (const ReplyWrite& reply : replies)
    if (reply.sealed.empty() || reply.sealed.size() > kMostSealedReply) return kNoReply;
  RESGUARDO_TRY(auto transaction, Transaction::begin(connection));
  RESGUARDO_TRY(auto delivery, Delivery::prepare(connection, slots));
  for (const ReplyWrite& reply : replies) RESGUARDO_CHECK(delivery.add(reply, random));
  RESGUARDO_CHECK(transaction.commit());
  return delivery.done();
}

Result<std::vector<StoredReply>> stored_replies(Connection& connection, const ReportId& report,
                                                const SecretBytes& key) {
  RESGUARDO_TRY(auto query,
                connection.prepare("SELECT reply, day, sealed FROM reply WHERE report = ?"));
  RESGUARDO_TRY(auto rows, query.query(report));
  std::vector<StoredReply> found;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) break;
    const auto id = ReplyId::from(rows.bytes(0));
    if (!id) return kBrokenReturnRow;
    RESGUARDO_TRY(auto sealed,
                  unwrap_under_slot(rows.bytes(2), kReplyKind, reply_place(*id, report), key));
    found.push_back({*id, std::move(sealed), Day{static_cast<std::int32_t>(rows.integer(1))}});
  }
  std::ranges::sort(found, {}, [](const StoredReply& one) { return std::tuple(one.day, one.id); });
  return found;
}

Result<std::size_t> take_replies(Connection& connection, const ReportId& report,
                                 std::span<const ReplyId> replies) {
  RESGUARDO_TRY(auto transaction, Transaction::begin(connection));
  RESGUARDO_TRY(auto remove, connection.prepare("DELETE FROM reply WHERE report = ?"
                                                " AND reply = ?"));
  RESGUARDO_TRY(auto note, connection.prepare("INSERT INTO taken_reply (reply) VALUES (?)"
                                              " ON CONFLICT (reply) DO NOTHING"));
  std::size_t taken = 0;
  for (const ReplyId& reply : replies) {
    RESGUARDO_CHECK(remove.run(report, reply));
    if (connection.changes() == 0) continue;
    RESGUARDO_CHECK(note.run(reply));
    ++taken;
  }
  RESGUARDO_CHECK(transaction.commit());
  return taken;
}

Result<bool> take_place(Connection& connection, const ReportId& report,
                        const ReceiptLookup& lookup) {
  RESGUARDO_TRY(auto others,
                connection.prepare("DELETE FROM receipt WHERE report = ? AND lookup <> ?"));
  RESGUARDO_CHECK(others.run(report, lookup));
  if (connection.changes() == 0) return false;
  RESGUARDO_TRY(auto note,
                connection.prepare("INSERT INTO taken_reply (reply) SELECT reply FROM reply"
                                   " WHERE report = ? ON CONFLICT (reply) DO NOTHING"));
  RESGUARDO_CHECK(note.run(report));
  RESGUARDO_TRY(auto remove, connection.prepare("DELETE FROM reply WHERE report = ?"));
  RESGUARDO_CHECK(remove.run(report));
  RESGUARDO_TRY(auto links, connection.prepare("DELETE FROM link WHERE report = ?"));
  RESGUARDO_CHECK(links.run(report));
  return true;
}

}  // namespace resguardo::storage
