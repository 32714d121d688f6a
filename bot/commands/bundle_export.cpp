// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/bundle_export.h"

#include <map>

#include "bot/commands/archive.h"
#include "crypto/base/hash.h"
#include "crypto/format/bundle.h"
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

Status write_header(BundleWriter& bundle, storage::Store& store, TimePoint now, RandomSource& ids) {
  RESGUARDO_TRY(auto origin, log_origin(store));
  pb::BundleFrame frame;
  auto* header = frame.mutable_header();
  header->set_format(1);
  header->set_log_origin(std::move(origin));
  header->set_day(day_of(now).number);
  header->set_bundle_id(ids.make<RowId>().str());
  return bundle.write(frame);
}

Status write_kept(BundleWriter& bundle, storage::Store& store) {
  RESGUARDO_TRY(const auto rosters, kept(store, Kept::kRoster));
  for (const Bytes& roster : rosters) {
    pb::BundleFrame frame;
    if (!frame.mutable_roster()->mutable_file()->ParseFromArray(roster.data(),
                                                                static_cast<int>(roster.size())))
      return Error{Fault::kMalformed, "a roster that the store kept is damaged"};
    RESGUARDO_CHECK(bundle.write(frame));
  }
  RESGUARDO_TRY(const auto forms, kept(store, Kept::kQuestionnaire));
  for (const Bytes& form : forms) {
    pb::BundleFrame frame;
    frame.mutable_questionnaire()->set_form(to_string(form));
    frame.mutable_questionnaire()->set_digest(blake2b(form).str());
    RESGUARDO_CHECK(bundle.write(frame));
  }
  return success();
}

Status write_segment(BundleWriter& bundle, storage::Store& store,
                     const storage::StoredReport& report, const storage::StoredSegment& segment,
                     ExportTotals& totals) {
  pb::BundleFrame frame;
  auto* head = frame.mutable_segment();
  head->set_header(to_string(segment.header));
  head->set_rows(segment.rows);
  head->set_day(report.closed.number);
  head->set_closed(true);
  RESGUARDO_CHECK(bundle.write(frame));
  ++totals.segments;
  return store.rows(segment.segment, [&](std::uint64_t, ByteView row) -> Status {
    pb::BundleFrame one;
    one.mutable_row()->set_row(to_string(row));
    ++totals.rows;
    return bundle.write(one);
  });
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

Status write_log(BundleWriter& bundle, storage::Store& store) {
  RESGUARDO_TRY(const auto entries, ordered_log(store));
  std::uint64_t index = 0;
  for (const Bytes& entry : entries) {
    pb::BundleFrame frame;
    frame.mutable_log_entry()->set_index(index++);
    frame.mutable_log_entry()->set_entry(to_string(entry));
    RESGUARDO_CHECK(bundle.write(frame));
  }
  return success();
}

}  // namespace

Result<ExportTotals> write_bundle(storage::Store& store, TimePoint now, RandomSource& ids,
                                  std::ostream& out) {
  BundleWriter bundle(out);
  ExportTotals totals;
  RESGUARDO_CHECK(write_header(bundle, store, now, ids));
  RESGUARDO_CHECK(write_kept(bundle, store));
  RESGUARDO_CHECK(write_log(bundle, store));
  RESGUARDO_TRY(const auto reports, store.reports());
  for (const auto& report : reports) {
    RESGUARDO_TRY(const auto segments, store.segments(report.report));
    for (const auto& segment : segments)
      RESGUARDO_CHECK(write_segment(bundle, store, report, segment, totals));
    ++totals.reports;
  }
  RESGUARDO_CHECK(bundle.finish(true));
  return totals;
}

}  // namespace resguardo::commands
