// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/journal_ids.h"

namespace resguardo::storage {

Result<JournalIds> JournalIds::prepare(sqlcipher::Connection& connection) {
  RESGUARDO_TRY(auto ids, connection.prepare("SELECT tag, report FROM turn WHERE position = ?"));
  return JournalIds(std::move(ids));
}

Result<std::optional<TurnOwners>> JournalIds::at(std::uint64_t position) {
  RESGUARDO_TRY(auto rows, ids_.query(position));
  RESGUARDO_TRY(const bool found, rows.next());
  if (!found) return std::optional<TurnOwners>();
  TurnOwners ids;
  if (!rows.is_null(0)) ids.tag = ConversationTag::from(rows.bytes(0));
  if (!rows.is_null(1)) ids.report = ReportId::from(rows.bytes(1));
  return std::optional(ids);
}

}  // namespace resguardo::storage
