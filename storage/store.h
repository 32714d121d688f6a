// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/result.h"
#include "storage/backup_store.h"
#include "storage/inspection_store.h"
#include "storage/log_store.h"
#include "storage/media_store.h"
#include "storage/retention_store.h"
#include "storage/return_store.h"

namespace resguardo::storage {

struct ConversationTagMeaning;
struct DedupeTagMeaning;
using ConversationTag = FixedBytes<ConversationTagMeaning, 16>;  // of a sender, under a day key
using DedupeTag = FixedBytes<DedupeTagMeaning, 16>;              // of a delivered message

// A conversation's sealed state, replaced as a whole: compare-and-set on its turn counter.
struct ConversationWrite {
  ConversationTag tag;                         // under today's key
  std::optional<ConversationTag> found_under;  // an older day's tag: it moves to `tag`
  std::uint64_t expected = 0;                  // counter it was loaded with; 0: it must not exist
  Bytes sealed_state;                          // stored with counter expected + 1
  bool remove = false;                         // the conversation ends: tag and state go
};

struct SegmentWrite {
  Digest segment;  // BLAKE2b-256 of the header: the segment's name
  std::uint32_t index = 0;
  Bytes header;  // exact bytes of pb::SegmentHeader
  // The one that it is sealed to, for OpenReport::begun. A store may forget it when the report
  // closes.
  std::optional<Week> week = {};
};

struct RowWrite {
  Digest segment;
  std::uint64_t sequence = 0;
  Bytes row;  // exact bytes of pb::SealedRow
};

// What brings a person back: derived from the receipt, which is nowhere.
struct ReceiptWrite {
  ReceiptLookup lookup;
  Bytes wrapped_mailbox;  // the mailbox seed under the receipt's key
  Bytes withdrawal_key;   // 32: Ed25519 public key
};

enum class ReportChange : std::uint8_t {
  kAppend,  // more of an open report
  // Both ends take the conversation that last wrote to the report with them, unless this very turn
  // goes on with that one.
  kClose,  // the report is whole (or INCOMPLETE): it moves to the report store
  kErase,  // an unfinished report goes, and all of it; the turn's own rows are not kept
  // A segment of its own with a file that was fetched later, or is lost (addendum_index()). Of an
  // open report it waits with the report and changes nothing else of it but its version: neither
  // the day of its last turn nor who writes to it. Of a closed one it goes where that is, and what
  // was said of the report is forgotten. `day` is today; keep_partial says nothing.
  kAddendum,
};

struct ReportWrite {
  ReportId report;
  Day day;                    // of this turn; the only time kept
  bool keep_partial = false;  // what to do when the reporter falls silent
  ReportChange change = ReportChange::kAppend;
  // With kClose and kErase, of a turn that its reporter has no part in: only if the report is open
  // and still at this version (OpenReport); else kConflict.
  std::optional<std::uint64_t> if_version;
  // With kAppend and kClose: only if the report is open, or was closed and is still there; else
  // kNotFound. For who comes back and adds to it (ReceiptFound::next_segment): nobody shall begin
  // anew what was erased meanwhile, nor write where another conversation does: kConflict. With
  // kErase what was closed before stays.
  bool only_more = false;
  std::vector<SegmentWrite> segments;
  std::vector<RowWrite> rows;
  // Exact bytes of pb::LogEntry; they wait from kClose on. With kAddendum: undated (day 0), the
  // store dates them when they begin to wait (crypto/format/entry_day.h).
  std::vector<Bytes> log_entries;
  // With kClose of what is only_more it takes the place of the one before, whole: look-up, mailbox
  // and key are found until then and never again, and the replies that wait go, which nobody could
  // open any more.
  std::optional<ReceiptWrite> receipt;
  // With kAddendum. What waited to be fetched does so no more; it must have waited, for this
  // report.
  std::optional<MediaId> settles;
  std::optional<MediaWrite> media;  // the file that was kept; nothing: it is lost
};

// One turn: all of it is recorded, or none.
struct Turn {
  std::vector<DedupeTag> delivered;
  Day day;
  std::optional<ConversationWrite> conversation;
  std::optional<ReportWrite> report;
  // A file that this turn takes for its report, to be fetched: it waits (MediaStore::pending_media)
  // until a kAddendum settles it, also when the report closes; with an erased report it goes.
  struct MediaTaken {
    MediaId media;
    Bytes reference;  // exact bytes of pb::PendingMedia
  };
  std::vector<MediaTaken> pending_media = {};
  // For what no messenger delivers again: with patience a turn may use the queue's reserve, waits
  // for room, and is tried again while it is kUnavailable. Nobody is kept waiting but its own
  // completion.
  std::chrono::milliseconds patience{0};
};

struct Recorded {
  std::uint64_t counter = 0;  // the conversation's new turn counter
};

struct StoredConversation {
  std::uint64_t counter = 0;
  Bytes sealed_state;
};

struct OpenReport {
  ReportId report;
  Day last_turn;  // of its conversation, also if that turn added nothing
  bool keep_partial = false;
  std::uint64_t version = 0;  // another one after each turn of its conversation
  // The earliest week that it is sealed to. Nothing: it has no segment, or one without a week.
  std::optional<Week> begun = {};
};

// What was sealed of a report so far: ciphertext. In the order of its turns.
struct OpenContents {
  std::uint64_t version = 0;
  std::vector<SegmentWrite> segments;
  std::vector<RowWrite> rows;
};

// Whether turns can be recorded now.
struct StoreHealth {
  std::optional<StaticText> unwritable;  // why not, as the last one was told
  bool full = false;                     // the queue, for turns without patience
  // What was found damaged since it was opened; the rest goes on.
  std::optional<StaticText> damaged = {};
};

struct StoredReport {
  ReportId report;
  Day closed;
};

struct StoredSegment {
  Digest segment;
  std::uint32_t index = 0;
  Bytes header;
  std::uint64_t rows = 0;
  std::uint64_t row_bytes = 0;  // of all its rows together
};

// Where sealed turns rest: a journal for open conversations and a report store for closed reports
// (protocol.md §4). Knows sealed bytes, never keys of reports. Every engine passes
// tests/storage/store_contract.h, with a fault at every call.
//
// Thread-safe. record()'s fate is one of: recorded and on disk; not recorded (kConflict: the
// counter, a new segment's name or a report's version did not fit, a row's sequence was not its
// segment's next, a report to close was not open, an addendum of this index was there or its file
// did not wait; kReplayed: a delivered tag was there; kNotFound: the report of an addendum, or of
// what is only_more, is gone;
// kRefused: it makes no sense: a file without its report, an addendum with more than an addendum
// has; nothing was changed); or kUnavailable: unknown, it may or may not be there after a restart,
// or an addendum's report is on its way to the report store or open again. After kUnavailable the
// caller destroys the stream states it sealed with (protocol.md §3.5).
class Store : public LogStore,
              public RetentionStore,
              public BackupStore,
              public InspectionStore,
              public MediaStore,
              public ReturnStore {
 public:
  using Completion = std::function<void(Result<Recorded>)>;
  // Queues the turn; `done` is called once, on the store's writer thread, after the fsync that
  // covers it. Turns queued together may share one fsync. A full queue is kUnavailable at once,
  // unless the turn has patience.
  virtual void submit(Turn turn, Completion done) = 0;
  // submit() and wait. Never call it from a completion.
  Result<Recorded> record(Turn turn);

  virtual StoreHealth health() = 0;  // never waits for the disk
  // Writes what changes nothing, so that health() says how it is now. May wait for the writer,
  // so never call it from a completion.
  virtual Status try_to_write() = 0;

  virtual Result<std::optional<StoredConversation>> find(const ConversationTag& tag) = 0;
  virtual Result<bool> seen(const DedupeTag& tag) = 0;
  // Those that are wanted, which is asked once of each, without its id. One whose row is damaged
  // has an id of zeros, which is nobody's.
  using Wanted = std::function<bool(const OpenReport&)>;
  virtual Result<std::vector<OpenReport>> open_reports_that(const Wanted& wanted) = 0;
  Result<std::vector<OpenReport>> open_reports() {
    return open_reports_that([](const OpenReport&) { return true; });
  }
  // For ending a report without its reporter (bot/intake/closing.h). Nothing: it is not open. May
  // wait for the writer, so never call it from a completion.
  virtual Result<std::optional<OpenContents>> open_contents(const ReportId& report) = 0;
  // Reports that are closed and acknowledged, and for some reason still not in the report store: a
  // full disk, or a journal that is damaged there. It is tried again with every turn and at start.
  virtual Result<std::size_t> unmoved_reports() = 0;
  // Dedupe tags older than this day are forgotten (WhatsApp repeats for 7 days, Signal for one).
  virtual Status forget_deliveries_before(Day day) = 0;
  // Begins the journal of `day` with what is open, and destroys the one before with its key: what
  // was told of who is not open any more cannot be read from it again. All of that or nothing, also
  // when the process ends at any moment; turns are recorded meanwhile. Nothing to do when there is
  // a journal of that day or a later one. Conversations without an open report that were last heard
  // before `oldest`, whose day's key is gone, are forgotten. What it may change: the versions of
  // open reports. Never call it from a completion, nor forget_deliveries_before().
  virtual Status turn_over_journal(Day day, Day oldest) = 0;

  // Closed reports only, and all of those that were acknowledged before the call; these three
  // may wait for the writer, so never call them from a completion. Segments in order of index; rows
  // in order of sequence.
  virtual Result<std::vector<StoredReport>> reports() = 0;
  virtual Result<std::vector<StoredSegment>> segments(const ReportId& report) = 0;
  using RowVisitor = std::function<Status(std::uint64_t sequence, ByteView row)>;
  virtual Status rows(const Digest& segment, const RowVisitor& visit) = 0;

  // Small named values that must survive: the roster anchor, the largest day ever used. Not for
  // anything about a person or a report.
  virtual Result<std::optional<Bytes>> fact(std::string_view name) = 0;
  virtual Status set_fact(std::string_view name, ByteView value) = 0;
};

}  // namespace resguardo::storage
