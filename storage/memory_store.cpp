// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/memory_store.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "crypto/format/entry_day.h"
#include "crypto/format/media_layout.h"
#include "storage/addendum.h"
#include "storage/memory_media.h"
#include "storage/memory_return.h"
#include "storage/writer_queue.h"

namespace resguardo::storage {
namespace {

struct Conversation {
  StoredConversation stored;
  Day day;                         // of its last turn
  std::optional<ReportId> report;  // the one it last wrote to
};

struct Segment {
  ReportId report;
  std::uint32_t index = 0;
  Bytes header;
  std::vector<Bytes> rows;  // by sequence
  std::optional<Week> week;
};

struct Report {
  Day last_turn;
  bool keep_partial = false;
  std::uint64_t version = 0;
  std::vector<Digest> segments;
  std::vector<std::pair<Digest, std::uint64_t>> rows;  // their sequences, in the order of turns
  std::vector<Bytes> log_entries;
  std::vector<Bytes> undated_entries;  // of addenda
  std::vector<ReceiptWrite> receipts;
};

std::uint64_t bytes_of(const std::vector<Bytes>& rows) {
  std::uint64_t bytes = 0;
  for (const Bytes& row : rows) bytes += row.size();
  return bytes;
}

constexpr Error kReplayed = {Fault::kReplayed, "this message was delivered before"};
constexpr Error kCounter = {Fault::kConflict, "the conversation has moved on"};
constexpr Error kSegment = {Fault::kConflict, "a segment or row does not follow what is there"};
constexpr Error kDayOver = {Fault::kConflict, "that day of the log has its checkpoint already"};
constexpr Error kNotOpen = {Fault::kConflict, "the report is not open"};
constexpr Error kWritten = {Fault::kConflict, "its reporter has written meanwhile"};

constexpr Error kNoFiles = {Fault::kRefused, "a store in memory has no files"};

class MemoryStore final : public Store {
 public:
  explicit MemoryStore(std::size_t queue_limit)
      : queue_({.common = queue_limit}, {[this](std::span<TurnJob> jobs) { work(jobs); }, [] {}}) {}

  void submit(Turn turn, Completion done) override {
    queue_.push({std::move(turn), std::move(done)});
  }

  StoreHealth health() override { return {std::nullopt, queue_.is_full()}; }
  Status try_to_write() override { return success(); }

  Result<std::optional<StoredConversation>> find(const ConversationTag& tag) override {
    const std::lock_guard lock(mutex_);
    const auto at = conversations_.find(tag);
    if (at == conversations_.end()) return std::optional<StoredConversation>();
    return std::optional(at->second.stored);
  }

  Result<bool> seen(const DedupeTag& tag) override {
    const std::lock_guard lock(mutex_);
    return delivered_.contains(tag);
  }

  Result<std::vector<OpenReport>> open_reports_that(const Wanted& wanted) override {
    const std::lock_guard lock(mutex_);
    std::vector<OpenReport> result;
    for (const auto& [id, report] : open_) {
      OpenReport one{{}, report.last_turn, report.keep_partial, report.version, begun(report)};
      if (!wanted(one)) continue;
      one.report = id;
      result.push_back(one);
    }
    return result;
  }

  Result<std::optional<OpenContents>> open_contents(const ReportId& id) override {
    const std::lock_guard lock(mutex_);
    const auto report = open_.find(id);
    if (report == open_.end()) return std::optional<OpenContents>();
    OpenContents contents{report->second.version, {}, {}};
    for (const Digest& name : report->second.segments) {
      const Segment& segment = segments_.at(name);
      contents.segments.push_back({name, segment.index, segment.header, segment.week});
    }
    for (const auto& [name, sequence] : report->second.rows)
      contents.rows.push_back({name, sequence, segments_.at(name).rows[sequence]});
    return std::optional(std::move(contents));
  }

  Result<std::size_t> unmoved_reports() override { return std::size_t{0}; }

  Status forget_deliveries_before(Day day) override {
    const std::lock_guard lock(mutex_);
    std::erase_if(delivered_, [&](const auto& entry) { return entry.second < day; });
    return success();
  }

  Status turn_over_journal(Day day, Day oldest) override {
    const std::lock_guard lock(mutex_);
    if (journal_day_ && day <= *journal_day_) return success();
    journal_day_ = day;
    std::erase_if(conversations_, [&](const auto& entry) {
      const Conversation& one = entry.second;
      return one.day < oldest && !(one.report && open_.contains(*one.report));
    });
    for (auto& [id, report] : open_) report.version = ++turns_;
    return success();
  }

  Result<std::vector<StoredReport>> reports() override {
    const std::lock_guard lock(mutex_);
    std::vector<StoredReport> result;
    result.reserve(closed_.size());
    for (const auto& [id, day] : closed_) result.push_back({id, day});
    return result;
  }

  Result<std::vector<StoredSegment>> segments(const ReportId& report) override {
    const std::lock_guard lock(mutex_);
    std::vector<StoredSegment> result;
    if (!closed_.contains(report)) return result;
    for (const auto& [digest, segment] : segments_)
      if (segment.report == report && closed_segments_.contains(digest))
        result.push_back(
            {digest, segment.index, segment.header, segment.rows.size(), bytes_of(segment.rows)});
    std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) {
      return std::tie(a.index, a.segment) < std::tie(b.index, b.segment);
    });
    return result;
  }

  Status rows(const Digest& segment, const RowVisitor& visit) override {
    std::vector<Bytes> rows;
    {
      const std::lock_guard lock(mutex_);
      if (closed_segments_.contains(segment)) rows = segments_.at(segment).rows;
    }
    for (std::size_t sequence = 0; sequence < rows.size(); ++sequence)
      RESGUARDO_CHECK(visit(sequence, rows[sequence]));
    return success();
  }

  Status copy_reports(BackupSink&) override { return kNoFiles; }
  Status copy_slots(BackupSink&) override { return kNoFiles; }
  Status replace_key() override { return kNoFiles; }
  Result<FilesInspected> inspect_files(const InspectionScope&) override { return FilesInspected{}; }
  Result<std::size_t> erase(std::span<const Erasure> reports) override {
    const std::lock_guard lock(mutex_);
    std::size_t erased = 0;
    for (const Erasure& one : reports)
      if (one.entry.size() > kMostErasureEntry) return kLongErasureEntry;
    for (const Erasure& one : reports) {
      if (one.segments != 0 && one.segments != segments_of(one.report)) continue;
      if (open_.contains(one.report) || closed_.erase(one.report) == 0) continue;
      std::erase_if(segments_, [&](const auto& segment) {
        if (segment.second.report != one.report) return false;
        closed_segments_.erase(segment.first);
        return true;
      });
      media_.erase(one.report);
      return_.erase(one.report);
      forget_said_of(one.report);
      wait_for_turnover(one.day, one.entry);
      ++erased;
    }
    return erased;
  }

  Result<std::vector<PendingMedia>> pending_media() override { return media_.pending(); }
  Result<std::unique_ptr<MediaFile>> begin_media(const MediaId& id, Day) override {
    return media_.begin(id);
  }
  Result<std::vector<StoredMedia>> media(const ReportId& report) override {
    return media_.closed(report);
  }
  Status media_chunks(const MediaId& id, const ChunkVisitor& visit) override {
    return media_.chunks(id, visit);
  }
  Result<std::size_t> sweep_media() override { return media_.sweep(); }

  Result<bool> acknowledge(std::size_t segments,
                           std::span<const ReportAcknowledgement> said) override {
    const std::lock_guard lock(mutex_);
    for (const ReportAcknowledgement& one : said) {
      const std::size_t there = segments_of(one.report);
      if (there == 0 || there != segments) return false;
    }
    for (const ReportAcknowledgement& one : said)
      said_.emplace(std::tuple(one.report, one.member, one.identity), one.day);
    return true;
  }

  Result<std::vector<ReportAcknowledgement>> acknowledgements() override {
    const std::lock_guard lock(mutex_);
    std::vector<ReportAcknowledgement> all;
    all.reserve(said_.size());
    for (const auto& [what, day] : said_)
      all.push_back({std::get<0>(what), std::get<1>(what), std::get<2>(what), day});
    return all;
  }

  Result<std::optional<ReceiptFound>> find_receipt(const ReceiptLookup& lookup) override {
    const std::lock_guard lock(mutex_);
    auto known = return_.find(lookup);
    if (!known) return std::optional<ReceiptFound>();
    auto& [report, receipt] = *known;
    return std::optional(ReceiptFound{report, next_segment_of(report), open_.contains(report),
                                      std::move(receipt.wrapped_mailbox),
                                      std::move(receipt.withdrawal_key)});
  }

  Result<Delivered> deliver(std::span<const ReplyWrite> replies) override {
    const std::lock_guard lock(mutex_);
    return return_.deliver(replies, [this](const ReportId& id) { return closed_.contains(id); });
  }

  Result<std::vector<StoredReply>> replies(const ReportId& report) override {
    const std::lock_guard lock(mutex_);
    return return_.replies(report);
  }

  Status forget_replies(const ReportId& report, std::span<const ReplyId> replies) override {
    const std::lock_guard lock(mutex_);
    return_.forget(report, replies);
    return success();
  }

  Result<bool> link(const LinkWrite& link, std::span<const LinkTag> before) override {
    const std::lock_guard lock(mutex_);
    return return_.link(link, before, closed_.contains(link.report));
  }
  Result<std::optional<StoredLink>> find_link(std::span<const LinkTag> tags) override {
    const std::lock_guard lock(mutex_);
    return return_.find_link(tags);
  }
  Status forget_links(std::span<const LinkTag> tags) override {
    const std::lock_guard lock(mutex_);
    return_.forget_links(tags);
    return success();
  }
  Status forget_links_before(Day day) override {
    const std::lock_guard lock(mutex_);
    return_.forget_links_before(day);
    return success();
  }

  Result<bool> change_consent(const ReportId& report, Day day, ByteView entry) override {
    const std::lock_guard lock(mutex_);
    if (!closed_.contains(report)) return false;
    wait_for_turnover(day, to_bytes(entry));
    return true;
  }

  Result<std::vector<Bytes>> log_entries() override {
    const std::lock_guard lock(mutex_);
    std::vector<Bytes> waiting;
    waiting.reserve(waiting_.size());
    for (const auto& [day, entry] : waiting_) waiting.push_back(entry);
    return waiting;
  }

  Status log(Day day, ByteView entry) override {
    const std::lock_guard lock(mutex_);
    wait_for_turnover(day, to_bytes(entry));
    return success();
  }

  Status turn_over_log(Day day, LogBuilder& builder) override {
    const std::lock_guard lock(mutex_);
    const auto last = newest_checkpoint();
    if (last && last->day >= day) return kDayOver;
    RESGUARDO_CHECK(builder.begin(last));
    const auto later =
        std::ranges::find_if(waiting_, [day](const auto& one) { return one.first > day; });
    for (auto at = waiting_.begin(); at != later; ++at) RESGUARDO_CHECK(builder.append(at->second));
    RESGUARDO_TRY(auto built, builder.finish());
    for (auto at = waiting_.begin(); at != later; ++at) logged_.push_back(at->second);
    waiting_.erase(waiting_.begin(), later);
    checkpoints_.emplace(
        day, StoredCheckpoint{day, logged_.size(), std::move(built.tree), std::move(built.note)});
    return success();
  }

  Result<std::optional<StoredCheckpoint>> last_checkpoint() override {
    const std::lock_guard lock(mutex_);
    return newest_checkpoint();
  }

  Result<std::optional<StoredCheckpoint>> checkpoint_of(Day day) override {
    const std::lock_guard lock(mutex_);
    const auto at = checkpoints_.find(day);
    return at == checkpoints_.end() ? std::optional<StoredCheckpoint>() : std::optional(at->second);
  }

  Status logged(std::uint64_t from, std::uint64_t to, const EntryVisitor& visit) override {
    std::vector<Bytes> entries;
    {
      const std::lock_guard lock(mutex_);
      if (from > to || to > logged_.size())
        return Error{Fault::kMalformed, "an entry of the log is missing"};
      const auto begin = logged_.begin();
      entries.assign(begin + static_cast<std::ptrdiff_t>(from),
                     begin + static_cast<std::ptrdiff_t>(to));
    }
    for (std::size_t at = 0; at < entries.size(); ++at)
      RESGUARDO_CHECK(visit(from + at, entries[at]));
    return success();
  }

  Result<std::optional<Bytes>> fact(std::string_view name) override {
    const std::lock_guard lock(mutex_);
    const auto at = facts_.find(name);
    return at == facts_.end() ? std::optional<Bytes>() : std::optional(at->second);
  }

  Status set_fact(std::string_view name, ByteView value) override {
    const std::lock_guard lock(mutex_);
    facts_.insert_or_assign(std::string(name), to_bytes(value));
    return success();
  }

 private:
  std::size_t segments_of(const ReportId& report) const {
    return static_cast<std::size_t>(std::ranges::count_if(segments_, [&](const auto& segment) {
      return segment.second.report == report && closed_segments_.contains(segment.first);
    }));
  }

  std::uint32_t next_segment_of(const ReportId& report) const {
    std::uint32_t next = 0;
    for (const auto& [name, segment] : segments_)
      if (segment.report == report && segment.index < kFirstAddendum)
        next = std::max(next, segment.index + 1);
    return next;
  }

  void work(std::span<TurnJob> jobs) {
    for (TurnJob& job : jobs) {
      const auto recorded = record_one(job.turn);
      queue_.complete(job, recorded);
    }
  }

  Result<Recorded> record_one(const Turn& turn) {
    const std::lock_guard lock(mutex_);
    RESGUARDO_CHECK(check(turn));
    ++turns_;
    for (const DedupeTag& tag : turn.delivered) delivered_.emplace(tag, turn.day);
    if (turn.report) apply(*turn.report, turn.conversation);
    if (turn.report && turn.report->change != ReportChange::kErase) media_.take(turn);
    if (!turn.conversation) return Recorded{};
    apply(*turn.conversation, turn);
    return Recorded{turn.conversation->expected + 1};
  }

  Status check(const Turn& turn) const {
    for (const DedupeTag& tag : turn.delivered)
      if (delivered_.contains(tag)) return kReplayed;
    if (turn.conversation) RESGUARDO_CHECK(check(*turn.conversation));
    RESGUARDO_CHECK(check_media_parts(turn));
    if (turn.report) RESGUARDO_CHECK(check(*turn.report));
    if (somebody_else_adds(turn)) return kWritten;
    return media_.check(turn);
  }

  bool somebody_else_adds(const Turn& turn) const {
    if (!turn.report || !turn.report->only_more || !turn.conversation) return false;
    const auto& write = *turn.conversation;
    const auto key = write.found_under.value_or(write.tag);
    return open_.contains(turn.report->report) && turn.report->change != ReportChange::kErase &&
           std::ranges::any_of(conversations_, [&](const auto& one) {
             return one.first != key && one.second.report == turn.report->report;
           });
  }

  Status check(const ConversationWrite& write) const {
    const auto key = write.found_under.value_or(write.tag);
    if (key != write.tag && conversations_.contains(write.tag)) return kCounter;
    const auto at = conversations_.find(key);
    const std::uint64_t counter = at == conversations_.end() ? 0 : at->second.stored.counter;
    if (counter != write.expected) return kCounter;
    return success();
  }

  Status check(const ReportWrite& write) const {
    const auto open = open_.find(write.report);
    if (write.if_version && (open == open_.end() || open->second.version != *write.if_version))
      return open == open_.end() ? kNotOpen : kWritten;
    if (write.change == ReportChange::kErase) return success();
    if (write.only_more && open == open_.end() && !closed_.contains(write.report))
      return kReportGone;
    if (write.change == ReportChange::kAddendum) RESGUARDO_CHECK(check_addendum(write));
    std::map<Digest, std::uint64_t> next;  // of each segment this turn may write to
    if (open != open_.end())
      for (const Digest& segment : open->second.segments)
        next.emplace(segment, segments_.at(segment).rows.size());
    else if (write.change == ReportChange::kClose && write.segments.empty())
      return kNotOpen;
    for (const SegmentWrite& segment : write.segments)
      if (segments_.contains(segment.segment) || !next.emplace(segment.segment, 0).second)
        return kSegment;
    for (const RowWrite& row : write.rows) {
      const auto at = next.find(row.segment);
      if (at == next.end() || at->second++ != row.sequence) return kSegment;
    }
    return success();
  }

  Status check_addendum(const ReportWrite& write) const {
    const bool open = open_.contains(write.report);
    const bool closed = closed_.contains(write.report);
    if (open && closed) return kReportOpenAgain;
    if (!open && !closed) return kReportGone;
    const auto same = [&](const auto& segment) {
      return segment.second.report == write.report &&
             segment.second.index == write.segments[0].index;
    };
    return std::ranges::any_of(segments_, same) ? Status(kAddendumThere) : success();
  }

  void apply(const ConversationWrite& write, const Turn& turn) {
    const auto& report = turn.report;
    const auto key = write.found_under.value_or(write.tag);
    auto linked = report && report->change == ReportChange::kAppend ? std::optional(report->report)
                                                                    : std::nullopt;
    if (const auto at = conversations_.find(key); at != conversations_.end()) {
      if (!report) linked = at->second.report;
      conversations_.erase(at);
    }
    if (write.remove) return;
    if (!report && linked) touch(open_.at(*linked), turn.day);
    if (report && linked) forget_links_to(*linked);
    conversations_.insert_or_assign(write.tag,
                                    Conversation{{write.expected + 1, write.sealed_state},
                                                 turn.report ? turn.report->day : turn.day,
                                                 linked});
  }

  void apply(const ReportWrite& write, const std::optional<ConversationWrite>& conversation) {
    if (write.change == ReportChange::kErase) {
      if (const auto at = open_.find(write.report); at != open_.end())
        for (const Digest& segment : at->second.segments) segments_.erase(segment);
      open_.erase(write.report);
      media_.erase_open(write.report);
      forget_writer_of(write.report, conversation);
      return;
    }
    if (write.change == ReportChange::kAddendum) return add(write);
    append(write);
    if (write.change == ReportChange::kAppend) return;
    auto& report = open_.at(write.report);
    if (!report.segments.empty()) forget_said_of(write.report);
    closed_segments_.insert(report.segments.begin(), report.segments.end());
    for (const Bytes& entry : report.log_entries) wait_for_turnover(write.day, entry);
    log_undated(report.undated_entries, write.day);
    media_.close(write.report);
    return_.bring(write.report, report.receipts);
    closed_.insert_or_assign(write.report, write.day);
    open_.erase(write.report);
    forget_writer_of(write.report, conversation);
  }

  void log_undated(const std::vector<Bytes>& entries, Day day) {
    for (const Bytes& entry : entries) wait_for_turnover(day, entry_on(entry, day).value());
  }

  void add(const ReportWrite& write) {
    media_.settle(write);
    const auto open = open_.find(write.report);
    if (open != open_.end()) {
      open->second.version = turns_;
      auto& waiting = open->second.undated_entries;
      waiting.insert(waiting.end(), write.log_entries.begin(), write.log_entries.end());
      return add_segments(write, open->second);
    }
    Report report;
    add_segments(write, report);
    closed_segments_.insert(report.segments.begin(), report.segments.end());
    forget_said_of(write.report);
    log_undated(write.log_entries, write.day);
  }

  void append(const ReportWrite& write) {
    Report& report = open_[write.report];
    touch(report, write.day);
    report.keep_partial = write.keep_partial;
    add_segments(write, report);
    report.log_entries.insert(report.log_entries.end(), write.log_entries.begin(),
                              write.log_entries.end());
    if (write.receipt) report.receipts.push_back(*write.receipt);
  }

  void add_segments(const ReportWrite& write, Report& report) {
    for (const SegmentWrite& segment : write.segments) {
      segments_.emplace(segment.segment,
                        Segment{write.report, segment.index, segment.header, {}, segment.week});
      report.segments.push_back(segment.segment);
    }
    for (const RowWrite& row : write.rows) {
      segments_.at(row.segment).rows.push_back(row.row);
      report.rows.emplace_back(row.segment, row.sequence);
    }
  }

  std::optional<Week> begun(const Report& report) const {
    std::optional<Week> first;
    for (const Digest& name : report.segments) {
      const auto week = segments_.at(name).week;
      if (!week) return std::nullopt;
      first = first ? std::min(*first, *week) : *week;
    }
    return first;
  }

  void forget_said_of(const ReportId& report) {
    std::erase_if(said_, [&](const auto& one) { return std::get<0>(one.first) == report; });
  }

  void touch(Report& report, Day day) {
    report.last_turn = day;
    report.version = turns_;
  }

  void wait_for_turnover(Day day, const Bytes& entry) {
    const auto same = [&](const auto& waiting) { return waiting.second == entry; };
    if (std::ranges::none_of(waiting_, same) && std::ranges::find(logged_, entry) == logged_.end())
      waiting_.emplace(day, entry);
  }

  std::optional<StoredCheckpoint> newest_checkpoint() const {
    if (checkpoints_.empty()) return std::nullopt;
    return checkpoints_.rbegin()->second;
  }

  void forget_links_to(const ReportId& report) {
    for (auto& [tag, conversation] : conversations_)
      if (conversation.report == report) conversation.report.reset();
  }

  // A report's end takes with it the conversation that last wrote to it, unless this very turn
  // goes on with that one.
  void forget_writer_of(const ReportId& report,
                        const std::optional<ConversationWrite>& conversation) {
    const auto kept = conversation
                          ? std::optional(conversation->found_under.value_or(conversation->tag))
                          : std::nullopt;
    std::erase_if(conversations_, [&](const auto& entry) {
      return entry.second.report == report && entry.first != kept;
    });
  }

  std::mutex mutex_;
  std::uint64_t turns_ = 0;
  std::optional<Day> journal_day_;
  std::map<ConversationTag, Conversation> conversations_;
  std::map<DedupeTag, Day> delivered_;
  std::map<ReportId, Report> open_;
  std::map<ReportId, Day> closed_;
  std::map<Digest, Segment> segments_;
  std::set<Digest> closed_segments_;
  std::map<std::tuple<ReportId, MemberId, bool>, Day> said_;
  std::set<std::pair<Day, Bytes>> waiting_;  // an entry begins with a random salt
  std::vector<Bytes> logged_;
  std::map<Day, StoredCheckpoint> checkpoints_;
  std::map<std::string, Bytes, std::less<>> facts_;
  MemoryMedia media_;
  MemoryReturn return_;
  WriterQueue queue_;  // last: its thread uses the others
};

}  // namespace

std::unique_ptr<Store> make_memory_store(std::size_t queue_limit) {
  return std::make_unique<MemoryStore>(queue_limit);
}

}  // namespace resguardo::storage
