// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/bundle_export.h"

#include <algorithm>
#include <map>

#include "bot/commands/archive.h"
#include "bot/commands/bundle_parts.h"
#include "crypto/base/hash.h"
#include "crypto/log/log_entry.h"
#include "proto/roster.pb.h"

namespace resguardo::commands {
namespace {

// The log's name, as the newest roster has it: analysts may hold bundles of several servers.
Result<std::string> log_origin(storage::Store& store) {
  RESGUARDO_TRY(const auto rosters, kept(store, Kept::kRoster));
  if (rosters.empty()) return std::string();
  const Bytes& newest = rosters.back();
  pb::RosterFile file;
  pb::Roster roster;
  if (!file.ParseFromArray(newest.data(), static_cast<int>(newest.size())) ||
      !roster.ParseFromString(file.roster().message()))
    return Error{Fault::kMalformed, "a roster that the store kept is damaged"};
  return roster.log_origin();
}

Result<pb::BundleHeader> header_of(storage::Store& store, TimePoint now) {
  RESGUARDO_TRY(auto origin, log_origin(store));
  pb::BundleHeader header;
  header.set_format(1);
  header.set_log_origin(std::move(origin));
  header.set_day(day_of(now).number);
  return header;
}

Status add_kept(std::vector<pb::BundleFrame>& frames, storage::Store& store) {
  RESGUARDO_TRY(const auto rosters, kept(store, Kept::kRoster));
  for (const Bytes& roster : rosters)
    if (!frames.emplace_back().mutable_roster()->mutable_file()->ParseFromArray(
            roster.data(), static_cast<int>(roster.size())))
      return Error{Fault::kMalformed, "a roster that the store kept is damaged"};
  RESGUARDO_TRY(const auto forms, kept(store, Kept::kQuestionnaire));
  for (const Bytes& form : forms) {
    auto& frame = *frames.emplace_back().mutable_questionnaire();
    frame.set_form(to_string(form));
    frame.set_digest(blake2b(form).str());
  }
  return success();
}

constexpr std::string_view kLogOrder = "log_order";  // leaf hashes, one after another

// The log in the order in which analysts have seen it: what no bundle has held yet comes last, in
// the random order that the store gives. The order is kept before anything is written, because
// vaults take an entry that moved for a log that was changed.
Result<std::vector<Bytes>> ordered_log(storage::Store& store) {
  RESGUARDO_TRY(auto entries, store.log_entries());
  RESGUARDO_TRY(auto fact, store.fact(kLogOrder));
  Bytes order = fact ? std::move(*fact) : Bytes();
  const std::size_t known = order.size() / Digest::kSize;
  std::map<Digest, std::size_t> place;
  for (std::size_t at = 0; at < known; ++at)
    place.emplace(*Digest::from(ByteView(order).subspan(at * Digest::kSize, Digest::kSize)), at);
  std::vector<Bytes> log(known);
  for (Bytes& entry : entries) {
    const Digest leaf = leaf_hash(entry);
    if (const auto seen = place.find(leaf); seen != place.end()) {
      log[seen->second] = std::move(entry);
      continue;
    }
    order.insert(order.end(), leaf.bytes.begin(), leaf.bytes.end());
    log.push_back(std::move(entry));
  }
  for (std::size_t at = 0; at < known; ++at)
    if (log[at].empty()) return Error{Fault::kMalformed, "an entry of the log is missing"};
  if (log.size() > known) RESGUARDO_CHECK(store.set_fact(kLogOrder, order));
  return log;
}

Status add_log(std::vector<pb::BundleFrame>& frames, storage::Store& store) {
  RESGUARDO_TRY(const auto entries, ordered_log(store));
  std::uint64_t index = 0;
  for (const Bytes& entry : entries) {
    auto& frame = *frames.emplace_back().mutable_log_entry();
    frame.set_index(index++);
    frame.set_entry(to_string(entry));
  }
  return success();
}

// What stands around the segments. Changes the store: the order of the log is kept.
Result<BundleSurround> surroundings(storage::Store& store, TimePoint now) {
  BundleSurround surround;
  RESGUARDO_TRY(surround.header, header_of(store, now));
  surround.header.set_bundle_id(RowId().str());  // of its length; who writes gives another
  RESGUARDO_CHECK(add_kept(surround.before, store));
  RESGUARDO_CHECK(add_log(surround.before, store));
  return surround;
}

Status write_segment(PartWriter& parts, storage::Store& store, const storage::StoredReport& report,
                     const storage::StoredSegment& segment, ExportTotals& totals) {
  pb::BundleSegment sent;
  sent.set_header(to_string(segment.header));
  sent.set_rows(segment.rows);
  sent.set_day(report.closed.number);
  sent.set_closed(true);
  RESGUARDO_CHECK(parts.begin_segment(sent, segment_bytes(segment)));
  ++totals.segments;
  return store.rows(segment.segment, [&](std::uint64_t, ByteView row) -> Status {
    ++totals.rows;
    return parts.row(row);
  });
}

}  // namespace

Result<std::uint64_t> smallest_part(storage::Store& store, TimePoint now) {
  RESGUARDO_TRY(const BundleSurround surround, surroundings(store, now));
  RESGUARDO_TRY(const auto reports, store.reports());
  std::uint64_t largest = 0;
  for (const auto& report : reports) {
    RESGUARDO_TRY(const auto segments, store.segments(report.report));
    for (const auto& segment : segments) largest = std::max(largest, segment_bytes(segment));
  }
  return surround.bytes() + largest;
}

Result<ExportTotals> write_parts(storage::Store& store, TimePoint now, RandomSource& ids,
                                 const PartPlan& plan) {
  RESGUARDO_TRY(BundleSurround surround, surroundings(store, now));
  surround.header.set_bundle_id(ids.make<RowId>().str());
  PartWriter parts(surround, plan);
  ExportTotals totals;
  RESGUARDO_TRY(const auto reports, store.reports());
  for (const auto& report : reports) {
    RESGUARDO_TRY(const auto segments, store.segments(report.report));
    std::uint64_t bytes = 0;
    for (const auto& segment : segments) bytes += segment_bytes(segment);
    RESGUARDO_CHECK(parts.make_room(bytes));
    for (const auto& segment : segments)
      RESGUARDO_CHECK(write_segment(parts, store, report, segment, totals));
    ++totals.reports;
  }
  RESGUARDO_CHECK(parts.finish());
  totals.parts = parts.parts();
  return totals;
}

Result<ExportTotals> write_bundle(storage::Store& store, TimePoint now, RandomSource& ids,
                                  std::ostream& out) {
  PartPlan plan;
  plan.next = [&out](std::uint32_t) -> Result<std::ostream*> { return &out; };
  return write_parts(store, now, ids, plan);
}

}  // namespace resguardo::commands
