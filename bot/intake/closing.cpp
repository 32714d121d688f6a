// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/closing.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "crypto/format/media_layout.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/segment_chain.h"

namespace resguardo::intake {
namespace {

using storage::OpenContents;
using storage::OpenReport;
using storage::ReportChange;

// Its reporter came back and added to what is in the report store: segment 0 is there.
bool is_addition(const OpenContents& contents) {
  return !contents.segments.empty() &&
         std::ranges::none_of(contents.segments,
                              [](const auto& segment) { return segment.index == 0; });
}

// What the log says of an INCOMPLETE report, and of an addition that stopped: the same digest that
// one which was finished has. Addenda that bring files have entries of their own.
Digest digest_of(const OpenContents& contents) {
  std::map<Digest, SegmentChain> chains;
  std::vector<std::tuple<std::uint32_t, std::size_t, Digest>> order;  // as they came, of one index
  for (const auto& segment : contents.segments) {
    if (segment.index >= kFirstAddendum) continue;
    chains.emplace(segment.segment, SegmentChain::begin(segment.header));
    order.emplace_back(segment.index, order.size(), segment.segment);
  }
  for (const auto& row : contents.rows)
    if (const auto at = chains.find(row.segment); at != chains.end()) at->second.add(row.row);
  std::ranges::sort(order);
  std::vector<Digest> digests;
  digests.reserve(order.size());
  for (const auto& [index, place, segment] : order) digests.push_back(chains.at(segment).digest());
  return report_digest(digests);
}

storage::Turn ending(const ReportId& report, ReportChange change, std::uint64_t version,
                     TimePoint now) {
  storage::Turn turn;
  turn.day = day_of(now);
  turn.report.emplace();
  turn.report->report = report;
  turn.report->day = turn.day;
  turn.report->change = change;
  turn.report->if_version = version;
  return turn;
}

Status close(storage::Store& store, const ReportId& report, const OpenContents& contents,
             TimePoint now, RandomSource& salts) {
  auto turn = ending(report, ReportChange::kClose, contents.version, now);
  LogFact fact;
  fact.kind = is_addition(contents) ? LogKind::kAddendum : LogKind::kIncomplete;
  fact.id = to_bytes(report.view());
  fact.digest = digest_of(contents);
  fact.day = turn.day;
  turn.report->keep_partial = true;
  turn.report->log_entries.push_back(make_log_entry(fact, salts));
  RESGUARDO_CHECK(store.record(std::move(turn)));
  return success();
}

Status erase(storage::Store& store, const OpenReport& open, TimePoint now) {
  RESGUARDO_CHECK(store.record(ending(open.report, ReportChange::kErase, open.version, now)));
  return success();
}

// What belongs to a report that was whole before is kept like that.
Status end_one(storage::Store& store, const OpenReport& open, TimePoint now, RandomSource& salts,
               Ended& ended) {
  RESGUARDO_TRY(const auto contents, store.open_contents(open.report));
  if (!contents || contents->version != open.version)
    return Error{Fault::kConflict, "its reporter has written meanwhile"};
  const bool keep = open.keep_partial || is_addition(*contents);
  RESGUARDO_CHECK(keep ? close(store, open.report, *contents, now, salts)
                       : erase(store, open, now));
  ++(keep ? ended.closed : ended.erased);
  return success();
}

template <class Due>
Ended end_reports(storage::Store& store, TimePoint now, RandomSource& salts, Due due) {
  Ended ended;
  const auto open = store.open_reports_that(due);
  if (!open.ok()) return ended;  // the next call tries again
  for (const OpenReport& report : *open)
    if (!end_one(store, report, now, salts, ended).ok()) ++ended.left;
  return ended;
}

}  // namespace

bool silent_since(Day last_turn, std::chrono::hours idle_timeout, TimePoint now) {
  return start_of(Day{last_turn.number + 1}) + idle_timeout <= now;
}

Status end_addition(storage::Store& store, const ReportId& report, TimePoint now,
                    RandomSource& salts) {
  RESGUARDO_TRY(const auto contents, store.open_contents(report));
  if (!contents) return success();  // it has ended, and waits to be moved
  return close(store, report, *contents, now, salts);
}

Ended end_silent_reports(storage::Store& store, std::chrono::hours idle_timeout, TimePoint now,
                         RandomSource& salts) {
  return end_reports(store, now, salts, [&](const OpenReport& report) {
    return silent_since(report.last_turn, idle_timeout, now);
  });
}

Ended end_all_reports(storage::Store& store, TimePoint now, RandomSource& salts) {
  return end_reports(store, now, salts, [](const OpenReport&) { return true; });
}

}  // namespace resguardo::intake
