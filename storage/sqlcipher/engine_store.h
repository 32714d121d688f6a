// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <vector>

#include "storage/media_folder.h"
#include "storage/sqlcipher/engine.h"
#include "storage/sqlcipher/journal.h"
#include "storage/sqlcipher/journal_changes.h"
#include "storage/sqlcipher/journal_turnover.h"
#include "storage/sqlcipher/readers.h"
#include "storage/sqlcipher/report_writer.h"
#include "storage/sqlcipher/transaction.h"
#include "storage/store_lock.h"
#include "storage/writer_queue.h"

namespace resguardo::storage {

// The engine's Store (engine.h says what it promises). One thread writes: it takes the turns that
// have queued up, checks each against the index, appends those that may be, commits once, updates
// the index, completes them, and then moves what was closed to the report store.
class EngineStore final : public Store {
 public:
  struct OpenedJournal {
    Day day;
    Journal journal;
  };
  EngineStore(const EngineOptions& options, KeyRing& keys, RandomSource& random, StoreLock lock,
              OpenedJournal journal, ReportWriter reports,
              std::function<Result<JournalReader>()> open_journal,
              std::function<Result<ReportReader>()> open_reports);
  ~EngineStore() override;
  Status start();  // before anything else, once
  // What was seen before the files were opened: commits that nobody can read any more.
  struct LostCommits {
    std::uint64_t reports = 0;
    std::uint64_t journal = 0;
  };
  void note_lost(const LostCommits& lost);

  void submit(Turn turn, Completion done) override;
  StoreHealth health() override;
  Status try_to_write() override;
  Result<std::optional<StoredConversation>> find(const ConversationTag& tag) override;
  Result<bool> seen(const DedupeTag& tag) override;
  Result<std::vector<OpenReport>> open_reports_that(const Wanted& wanted) override;
  Result<std::optional<OpenContents>> open_contents(const ReportId& report) override;
  Result<std::size_t> unmoved_reports() override;
  Status forget_deliveries_before(Day day) override;
  Status turn_over_journal(Day day, Day oldest) override;
  Result<std::vector<StoredReport>> reports() override;
  Result<std::vector<StoredSegment>> segments(const ReportId& report) override;
  Status rows(const Digest& segment, const RowVisitor& visit) override;
  Result<std::size_t> erase(std::span<const Erasure> reports) override;
  Result<bool> acknowledge(std::size_t segments,
                           std::span<const ReportAcknowledgement> said) override;
  Result<std::vector<ReportAcknowledgement>> acknowledgements() override;
  Status copy_reports(BackupSink& sink) override;
  Status copy_slots(BackupSink& sink) override;
  Status replace_key() override;
  Result<FilesInspected> inspect_files(const InspectionScope& scope) override;
  Result<std::vector<PendingMedia>> pending_media() override;
  Result<std::unique_ptr<MediaFile>> begin_media(const MediaId& id, Day today) override;
  Result<std::vector<StoredMedia>> media(const ReportId& report) override;
  Status media_chunks(const MediaId& id, const ChunkVisitor& visit) override;
  Result<std::size_t> sweep_media() override;
  Result<std::optional<ReceiptFound>> find_receipt(const ReceiptLookup& lookup) override;
  Result<Delivered> deliver(std::span<const ReplyWrite> replies) override;
  Result<std::vector<StoredReply>> replies(const ReportId& report) override;
  Status forget_replies(const ReportId& report, std::span<const ReplyId> replies) override;
  Result<bool> link(const LinkWrite& link, std::span<const LinkTag> before) override;
  Result<std::optional<StoredLink>> find_link(std::span<const LinkTag> tags) override;
  Status forget_links(std::span<const LinkTag> tags) override;
  Status forget_links_before(Day day) override;
  Result<bool> change_consent(const ReportId& report, Day day, ByteView entry) override;
  Status log(Day day, ByteView entry) override;
  Result<std::vector<Bytes>> log_entries() override;
  Status turn_over_log(Day day, LogBuilder& builder) override;
  Result<std::optional<StoredCheckpoint>> last_checkpoint() override;
  Result<std::optional<StoredCheckpoint>> checkpoint_of(Day day) override;
  Status logged(std::uint64_t from, std::uint64_t to, const EntryVisitor& visit) override;
  Result<std::optional<Bytes>> fact(std::string_view name) override;
  Status set_fact(std::string_view name, ByteView value) override;

 private:
  using Outcomes = std::vector<std::optional<Result<Recorded>>>;  // nothing yet: accepted

  // On the writer thread.
  void work(std::span<TurnJob> jobs);
  std::size_t record_some(std::span<TurnJob> jobs);
  std::size_t record_one_by_one(std::span<TurnJob> jobs);
  Status write(std::span<TurnJob> jobs, Outcomes& outcomes, bool& committing);
  Status append_all(std::span<TurnJob> jobs, IndexChanges& changes, Outcomes& outcomes);
  Status check(const Turn& turn, IndexChanges& changes);
  // What a turn says of files, against what is there (engine_media.cpp).
  Status check_media(const Turn& turn, const IndexChanges& changes);
  Status check_addendum(const ReportWrite& write, const IndexChanges& changes);
  Status forget_media_of_nobody();
  Status note_open(const ReceiptLookup& lookup, std::optional<ReceiptFound>& found);
  Result<std::optional<ReceiptFound>> unmoved_receipt(const ReceiptLookup& lookup);
  Result<bool> is_named(const MediaId& media);
  Result<std::vector<MediaWrite>> named_media();
  Status send_media(BackupSink& sink);
  Status inspect_media(const InspectionScope& scope, FilesInspected& inspected);
  Status commit(sqlcipher::Transaction& transaction, IndexChanges changes);
  void note_closing(const Turn& turn);
  void await_move(const ReportId& report);
  void note_move_due();
  void note_written(const Status& written);
  void note_damage(const FilesInspected& inspected);
  Status inspect_database(sqlcipher::Connection& database, const InspectionScope& scope,
                          Damage page, FilesInspected& inspected) const;
  void move_closed();
  Status try_move();
  Status move(std::span<const ClosedReport> reports);
  Status log_unmoved();
  void idle();

  // A journal in the making, until the index shows it (engine_turnover.cpp).
  struct NextDay {
    Day day;
    std::shared_ptr<const SecretBytes> key;
    JournalTurnover copy;
  };
  Status make_next_day(Day day, Day oldest);
  Result<std::unique_ptr<NextDay>> begin_next_day(Day day, Day oldest);
  Status copy_while_turns_arrive(JournalTurnover& copy);
  JournalChanges take_changes();
  Status finish_next_day(std::unique_ptr<NextDay> next);  // on the writer thread
  Status settle();                                        // on the writer thread
  Result<Day> settled_day();

  Status suspend_moves(std::int64_t& changes);  // these three: on the writer thread
  Status take_new_file(const std::filesystem::path& file, const SecretBytes& key,
                       std::int64_t changes, bool& taken);
  void resume_moves();
  Status may_change_reports() const;

  void wait_for_moves();
  std::optional<ConversationEntry> entry_of(const ConversationTag& tag);
  Result<std::optional<StoredConversation>> missing_or_anothers(std::uint64_t position);
  bool waits_in_journal(const ReportId& report);
  Status find_closing();
  // A report that waits for its end, by name until its row was read.
  struct Waiting {
    ReportName name;
    OpenReport report;
  };
  Result<bool> identify(Waiting& waiting);
  template <class Use>
  auto read_journal_media(Use&& use);  // engine_media.cpp

  const std::filesystem::path directory_;
  KeyRing& keys_;
  RandomSource& random_;
  StoreLock lock_;
  std::unique_ptr<Journal> journal_;
  ReportWriter reports_;                         // writer thread only
  const std::shared_ptr<const SlotFile> slots_;  // of it; any thread
  ReaderPool<JournalReader> journal_readers_;
  ReaderPool<ReportReader> report_readers_;

  std::shared_mutex index_mutex_;  // the writer changes the index; it may read without
  JournalIndex index_;
  std::optional<JournalChanges> changed_;  // while a turnover copies; under index_mutex_
  std::mutex commit_mutex_;                // held from COMMIT until the index shows it

  std::mutex move_mutex_;
  std::condition_variable moved_;
  bool move_due_ = false;          // acknowledged and not yet tried
  std::vector<ReportId> closing_;  // each once; writer thread only
  // Receipts of those that were looked through, as they were at that position of the journal.
  struct Unmoved {
    std::optional<std::uint64_t> position;
    std::vector<ReceiptLookup> receipts;
  };
  std::map<ReportId, Unmoved> unmoved_;  // writer thread only
  std::size_t batches_since_cut_ = 0;
  bool wal_holds_released_ = true;  // whoever was here before may have been killed on the way

  std::mutex health_mutex_;
  std::optional<StaticText> unwritable_;
  std::optional<StaticText> damaged_;
  LostCommits lost_;

  const Journal::Listing listing_;
  MediaFolder media_files_;
  std::mutex sweep_mutex_;
  std::mutex copy_mutex_;
  std::filesystem::path reports_path_;  // under copy_mutex_
  bool moves_suspended_ = false;        // these two: writer thread only
  bool key_unsure_ = false;             // which of two keys a power cut would leave
  std::mutex turnover_mutex_;
  Day journal_day_;                    // these three: writer thread only
  std::unique_ptr<NextDay> next_day_;  // on disk, and not in use yet: no turn is recorded
  std::unique_ptr<Journal> retired_;

  WriterQueue queue_;  // last: its thread uses the others
};

}  // namespace resguardo::storage
