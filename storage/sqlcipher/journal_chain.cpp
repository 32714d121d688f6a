// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/journal_chain.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace resguardo::storage {
namespace {

constexpr Error kBrokenTurns = {Fault::kMalformed, "the journal's chain of turns is broken"};

template <class Items>
void take(Items& to, Items& from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

}  // namespace

Result<JournalChain> JournalChain::prepare(sqlcipher::Connection& connection) {
  RESGUARDO_TRY(auto turn, connection.prepare("SELECT earlier_turn, tag, sealed FROM turn"
                                              " WHERE position = ? AND report = ?"));
  return JournalChain(std::move(turn));
}

Result<JournalChain::Turn> JournalChain::turn(const ReportId& report, std::uint64_t position) {
  RESGUARDO_TRY(auto rows, turn_.query(position, report));
  RESGUARDO_TRY(const bool found, rows.next());
  if (!found) return kBrokenTurns;
  Turn turn;
  if (!rows.is_null(0)) turn.earlier = static_cast<std::uint64_t>(rows.integer(0));
  if (turn.earlier && *turn.earlier >= position) return kBrokenTurns;
  turn.alone = rows.is_null(1);
  if (!rows.is_null(2)) turn.sealed = to_bytes(rows.bytes(2));
  return turn;
}

Result<std::optional<std::uint64_t>> JournalChain::next_sequence(const ReportId& report,
                                                                 std::uint64_t newest,
                                                                 const Digest& segment) {
  std::optional<std::uint64_t> next;
  for (std::optional<std::uint64_t> at = newest; at && !next;) {
    RESGUARDO_TRY(const auto one, turn(report, *at));
    at = one.earlier;
    if (!one.sealed) continue;
    RESGUARDO_TRY(const auto part, decode_sealed_part(*one.sealed));
    for (const SegmentWrite& begun : part.segments)
      if (begun.segment == segment) next = 0;
    for (const RowWrite& row : part.rows)
      if (row.segment == segment) next = row.sequence + 1;
  }
  return next;
}

Result<SealedPart> JournalChain::parts(const ReportId& report, std::uint64_t newest) {
  std::vector<SealedPart> newest_first;
  for (std::optional<std::uint64_t> at = newest; at;) {
    RESGUARDO_TRY(const auto one, turn(report, *at));
    at = one.earlier;
    if (!one.sealed) continue;
    RESGUARDO_TRY(auto part, decode_sealed_part(*one.sealed));
    newest_first.push_back(std::move(part));
  }
  SealedPart whole;
  for (auto part = newest_first.rbegin(); part != newest_first.rend(); ++part) {
    take(whole.segments, part->segments);
    take(whole.rows, part->rows);
    take(whole.log_entries, part->log_entries);
    take(whole.receipts, part->receipts);
    take(whole.undated_entries, part->undated_entries);
  }
  return whole;
}

}  // namespace resguardo::storage
