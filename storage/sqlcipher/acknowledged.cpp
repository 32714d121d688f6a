// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/acknowledged.h"

#include "storage/sqlcipher/transaction.h"

namespace resguardo::storage {

using sqlcipher::Connection;
using sqlcipher::Transaction;

Result<bool> acknowledge(Connection& connection, std::size_t segments,
                         std::span<const ReportAcknowledgement> said) {
  RESGUARDO_TRY(auto transaction, Transaction::begin(connection));
  RESGUARDO_TRY(auto count, connection.prepare("SELECT count(*) FROM segment WHERE report = ?"));
  RESGUARDO_TRY(auto insert,
                connection.prepare("INSERT INTO acknowledged (report, member, identity, day)"
                                   " VALUES (?, ?, ?, ?)"
                                   " ON CONFLICT (report, member, identity) DO NOTHING"));
  for (const ReportAcknowledgement& one : said) {
    {
      RESGUARDO_TRY(auto rows, count.query(one.report));
      RESGUARDO_TRY(const bool found, rows.next());
      const auto there = found ? static_cast<std::size_t>(rows.integer(0)) : 0;
      if (there == 0 || there != segments) return false;
    }
    RESGUARDO_CHECK(insert.run(one.report, one.member, one.identity, one.day.number));
  }
  RESGUARDO_CHECK(transaction.commit());
  return true;
}

Result<std::vector<ReportAcknowledgement>> stored_acknowledgements(Connection& connection) {
  RESGUARDO_TRY(auto query, connection.prepare("SELECT report, member, identity, day"
                                               " FROM acknowledged"));
  RESGUARDO_TRY(auto rows, query.query());
  std::vector<ReportAcknowledgement> all;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return all;
    const auto report = ReportId::from(rows.bytes(0));
    const auto member = MemberId::from(rows.bytes(1));
    if (!report || !member)
      return Error{Fault::kMalformed, "a row of the report store does not make sense"};
    all.push_back(
        {*report, *member, rows.integer(2) != 0, Day{static_cast<std::int32_t>(rows.integer(3))}});
  }
}

}  // namespace resguardo::storage
