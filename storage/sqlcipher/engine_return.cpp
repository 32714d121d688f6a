// SPDX-License-Identifier: AGPL-3.0-or-later
// The engine's part of who comes back (storage/return_store.h, docs/adr/159).
#include <algorithm>

#include "crypto/format/media_layout.h"
#include "storage/sqlcipher/engine_store.h"
#include "storage/sqlcipher/report_return.h"

namespace resguardo::storage {
namespace {

std::uint32_t next_after(const std::vector<SegmentWrite>& segments, std::uint32_t next) {
  for (const SegmentWrite& segment : segments)
    if (segment.index < kFirstAddendum) next = std::max(next, segment.index + 1);
  return next;
}

}  // namespace

// Most are in the report store, and nobody is kept waiting for the others' sake: the writer is
// asked in any case, so that it cannot be told from the time which it was.
Result<std::optional<ReceiptFound>> EngineStore::find_receipt(const ReceiptLookup& lookup) {
  wait_for_moves();
  RESGUARDO_TRY(auto found,
                report_readers_.with([&](ReportReader& reader) { return reader.receipt(lookup); }));
  const Status done = queue_.run([&]() -> Status {
    if (found) return note_open(lookup, found);
    RESGUARDO_TRY(found, unmoved_receipt(lookup));
    return success();
  });
  RESGUARDO_CHECK(done);
  return found;
}

// What the journal has of a report that was closed before; with a receipt, if it waits to be moved,
// that took the place of this one.
Status EngineStore::note_open(const ReceiptLookup& lookup, std::optional<ReceiptFound>& found) {
  if (!waits_in_journal(found->report)) return success();
  found->open = true;
  RESGUARDO_TRY(const auto more, journal_->collect(found->report, *index_.report(found->report)));
  found->next_segment = next_after(more.parts.segments, found->next_segment);
  const auto& receipts = more.parts.receipts;
  if (!receipts.empty() && receipts.back().lookup != lookup) found.reset();
  return success();
}

// Of reports that could not be moved. One that is damaged keeps nobody else from coming back. A
// flood of wrong receipts reads each of them once.
Result<std::optional<ReceiptFound>> EngineStore::unmoved_receipt(const ReceiptLookup& lookup) {
  std::erase_if(unmoved_, [&](const auto& one) {
    return std::ranges::find(closing_, one.first) == closing_.end();
  });
  for (const ReportId& id : closing_) {
    const auto entry = index_.report(id);
    Unmoved& known = unmoved_[id];
    if (known.position == entry->position &&
        std::ranges::find(known.receipts, lookup) == known.receipts.end())
      continue;
    const auto report = journal_->collect(id, *entry);
    if (!report.ok() && report.error().fault == Fault::kUnavailable) return report.error();
    known = {entry->position, {}};
    if (!report.ok()) continue;
    const auto& receipts = report->parts.receipts;
    for (const ReceiptWrite& receipt : receipts) known.receipts.push_back(receipt.lookup);
    if (!receipts.empty() && receipts.back().lookup == lookup)
      return std::optional(ReceiptFound{id, next_after(report->parts.segments, 0), true,
                                        receipts.back().wrapped_mailbox,
                                        receipts.back().withdrawal_key});
  }
  return std::optional<ReceiptFound>();
}

Result<Delivered> EngineStore::deliver(std::span<const ReplyWrite> replies) {
  Delivered delivered;
  const Status done = queue_.run([&]() -> Status {
    RESGUARDO_CHECK(may_change_reports());
    move_closed();
    RESGUARDO_TRY(delivered, store_replies(reports_.connection(), *slots_, replies, random_));
    return success();
  });
  RESGUARDO_CHECK(done);
  return delivered;
}

Result<std::vector<StoredReply>> EngineStore::replies(const ReportId& report) {
  return report_readers_.with([&](ReportReader& reader) { return reader.replies(report); });
}

Status EngineStore::forget_replies(const ReportId& report, std::span<const ReplyId> replies) {
  return queue_.run([&]() -> Status {
    RESGUARDO_CHECK(may_change_reports());
    return reports_.take_replies(report, replies);
  });
}

Result<bool> EngineStore::link(const LinkWrite& link, std::span<const LinkTag> before) {
  bool there = false;
  const Status done = queue_.run([&]() -> Status {
    RESGUARDO_CHECK(may_change_reports());
    move_closed();
    RESGUARDO_TRY(there, reports_.link(link, before));
    return success();
  });
  RESGUARDO_CHECK(done);
  return there;
}

Result<std::optional<StoredLink>> EngineStore::find_link(std::span<const LinkTag> tags) {
  return report_readers_.with([&](ReportReader& reader) { return reader.link(tags); });
}

Status EngineStore::forget_links(std::span<const LinkTag> tags) {
  return queue_.run([&]() -> Status {
    RESGUARDO_CHECK(may_change_reports());
    return reports_.forget_links(tags);
  });
}

Status EngineStore::forget_links_before(Day day) {
  return queue_.run([&]() -> Status {
    RESGUARDO_CHECK(may_change_reports());
    return reports_.forget_links_before(day);
  });
}

Result<bool> EngineStore::change_consent(const ReportId& report, Day day, ByteView entry) {
  bool there = false;
  const Status done = queue_.run([&]() -> Status {
    RESGUARDO_CHECK(may_change_reports());
    move_closed();
    RESGUARDO_TRY(there, reports_.has_report(report));
    there = there || std::ranges::find(closing_, report) != closing_.end();
    return there ? reports_.log(day, entry, random_) : success();
  });
  RESGUARDO_CHECK(done);
  return there;
}

}  // namespace resguardo::storage
