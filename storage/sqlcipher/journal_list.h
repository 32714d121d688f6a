// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "storage/print.h"
#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/sealed_part.h"
#include "storage/store.h"

namespace resguardo::storage {

// What the index needs of one turn of a journal (journal_index.h).
struct ListedTurn {
  std::uint64_t position = 0;
  Day day;
  std::vector<Print> delivered;
  std::optional<ConversationTag> tag;
  std::optional<std::uint64_t> counter;  // with a tag
  std::optional<ReportId> report;
  std::optional<bool> keep_partial;  // these two: when the turn adds to its report
  std::optional<bool> closing;
  std::vector<Print> segments;       // that it begins
  std::optional<std::int32_t> week;  // the earliest one that these are sealed to, if that was told
};

// The number of the earliest week of these segments; nothing: there are none, or of one it is not
// known.
std::optional<std::int32_t> first_week(const std::vector<SegmentWrite>& segments);
std::vector<Print> prints_of(const std::vector<SegmentWrite>& segments);

// The table `listed` of a journal (docs/adr/142). Runs inside the caller's transaction.
class JournalList {
 public:
  static Result<JournalList> prepare(sqlcipher::Connection& connection);
  Status add(const ListedTurn& turn);
  Status remove(std::uint64_t position) { return remove_.run(position); }
  Status clear_state(std::uint64_t position) { return clear_state_.run(position); }
  Status clear_report(std::uint64_t position) { return clear_report_.run(position); }

 private:
  JournalList(sqlcipher::Statement add, sqlcipher::Statement remove,
              sqlcipher::Statement clear_state, sqlcipher::Statement clear_report);
  sqlcipher::Statement add_;
  sqlcipher::Statement remove_;
  sqlcipher::Statement clear_state_;
  sqlcipher::Statement clear_report_;
};

// Calls `use` with each turn that the table has, in order of position.
template <class Use>
Status each_listed(sqlcipher::Connection& connection, Use use);
// With each turn of these positions as its own row says it.
template <class Use>
Status each_turn(sqlcipher::Connection& connection, std::uint64_t after, std::uint64_t last,
                 Use use);

Result<sqlcipher::Statement> listed_turns(sqlcipher::Connection& connection);
Result<ListedTurn> listed_turn_in(const sqlcipher::Rows& row);
Result<sqlcipher::Statement> turns_between(sqlcipher::Connection& connection);
Result<ListedTurn> turn_in(const sqlcipher::Rows& row);

template <class Use>
Status each_listed(sqlcipher::Connection& connection, Use use) {
  RESGUARDO_TRY(auto query, listed_turns(connection));
  RESGUARDO_TRY(auto rows, query.query());
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return success();
    RESGUARDO_TRY(const auto turn, listed_turn_in(rows));
    RESGUARDO_CHECK(use(turn));
  }
}

template <class Use>
Status each_turn(sqlcipher::Connection& connection, std::uint64_t after, std::uint64_t last,
                 Use use) {
  RESGUARDO_TRY(auto query, turns_between(connection));
  RESGUARDO_TRY(auto rows, query.query(after, last));
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return success();
    RESGUARDO_TRY(const auto turn, turn_in(rows));
    RESGUARDO_CHECK(use(turn));
  }
}

}  // namespace resguardo::storage
