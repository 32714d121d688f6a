// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/result.h"

namespace resguardo::storage {

struct ReceiptLookupMeaning;
using ReceiptLookup = FixedBytes<ReceiptLookupMeaning, 32>;  // derived from a receipt
using ReplyId = resguardo::ReplyId;

// The report that a receipt brings back.
struct ReceiptFound {
  ReportId report;
  // For what is added: after every segment that conversations have brought so far (addenda with
  // files count from kFirstAddendum and do not matter here).
  std::uint32_t next_segment = 0;
  // Somebody is adding to it, or it waits to be moved to the report store: erase() passes it over.
  bool open = false;
  Bytes wrapped_mailbox;
  Bytes withdrawal_key;
};

struct ReplyWrite {
  ReplyId id;
  ReportId report;
  Bytes sealed;  // to the report's mailbox; 1 to kMostSealedReply
  Day day;       // on which the server was given it
};
constexpr std::size_t kMostSealedReply = std::size_t{16} * 1024;
constexpr std::size_t kMostReplies = 32;  // that wait for one report

constexpr Error kNoReply = {Fault::kRefused, "a reply is empty, or too long to be kept"};

struct StoredReply {
  ReplyId id;
  Bytes sealed;
  Day day;
};

struct Delivered {
  std::size_t added = 0;
  std::size_t known = 0;    // waiting already, or taken by the reporter
  std::size_t unknown = 0;  // of no report that is in the report store
  std::size_t full = 0;     // kMostReplies wait there
};

struct LinkTagMeaning;
using LinkTag = FixedBytes<LinkTagMeaning, 16>;  // of a phone, under the key of one day

// A phone that brings its person back to their replies without the receipt, for kLinkDays
// (protocol.md §5, docs/adr/162).
struct LinkWrite {
  LinkTag tag;
  ReportId report;
  Day day;       // on which it is made
  Bytes sealed;  // to the phone: 1 to kMostSealedLink
};
constexpr std::int32_t kLinkDays = 30;
constexpr std::size_t kMostSealedLink = 256;
constexpr Error kNoLink = {Fault::kRefused, "a link is empty, or too long to be kept"};

struct StoredLink {
  LinkTag tag;
  Bytes sealed;
};

// What is there for who comes back with a receipt (protocol.md §5). Thread-safe; never call it from
// a completion. None of the reads leaves a trace: that somebody came back is not to be seen before
// they add something, take a reply, or take something back.
class ReturnStore {
 public:
  virtual ~ReturnStore() = default;

  // Closed reports, also such as are not moved yet or are open again; with all that was
  // acknowledged before the call. Nothing: no report has this receipt, or another one took its
  // place (ReportWrite::receipt). May wait for the
  // writer. How long it takes tells whether it found anything: the caller hides that.
  virtual Result<std::optional<ReceiptFound>> find_receipt(const ReceiptLookup& lookup) = 0;

  // Keeps what is new, all of it or nothing; a reply is new once, also after it was forgotten.
  // kRefused: one is empty or too long.
  virtual Result<Delivered> deliver(std::span<const ReplyWrite> replies) = 0;
  // Those that wait, oldest day first, then by id. With the report they go.
  virtual Result<std::vector<StoredReply>> replies(const ReportId& report) = 0;
  // The reporter has these: they go, as erase() takes rows out, and what is not there is passed
  // over. That a reply of this id was here stays, without its report.
  virtual Status forget_replies(const ReportId& report, std::span<const ReplyId> replies) = 0;

  // Logs what was said of a closed report (a CONSENT_CHANGE, exact bytes of pb::LogEntry), if it is
  // there, also when it is open again; durable when it returns, and never twice. False: it is gone.
  virtual Result<bool> change_consent(const ReportId& report, Day day, ByteView entry) = 0;

  // Keeps the link, in the place of those of the same report and of those `before`; all of that or
  // nothing. False, and nothing has changed: the report is not in the report store (any more). With
  // the report it goes, and when another receipt takes the place of the report's. kRefused: empty
  // or too long.
  virtual Result<bool> link(const LinkWrite& link, std::span<const LinkTag> before) = 0;
  // The first that is there. Leaves no trace.
  virtual Result<std::optional<StoredLink>> find_link(std::span<const LinkTag> tags) = 0;
  // They go, as erase() takes rows out. Where none is there nothing is written.
  virtual Status forget_links(std::span<const LinkTag> tags) = 0;
  virtual Status forget_links_before(Day day) = 0;
};

}  // namespace resguardo::storage
