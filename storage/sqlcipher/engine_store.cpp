// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/engine_store.h"

#include <utility>

#include "storage/addendum.h"
#include "storage/sqlcipher/files.h"
#include "storage/sqlcipher/transaction.h"
#include "storage/sqlcipher/turn_check.h"

namespace resguardo::storage {

using sqlcipher::Transaction;

namespace {

// While the queue never runs empty, the WAL is cut all the same after so many batches.
constexpr std::size_t kBatchesBeforeCut = 256;
// Reports that fail to move by themselves, with one batch: on a full disk they all would.
constexpr std::size_t kMostTriedAlone = 3;

// A report that an accepted turn of this batch has closed: its next turn waits until it has moved.
bool closed_in(const Turn& turn, const IndexChanges& changes, const JournalIndex& base) {
  if (!turn.report) return false;
  const auto now = changes.report(turn.report->report);
  const auto before = base.report(turn.report->report);
  return now && now->closing && (!before || !before->closing);
}

}  // namespace

EngineStore::EngineStore(const EngineOptions& options, KeyRing& keys, RandomSource& random,
                         StoreLock lock, OpenedJournal journal, ReportWriter reports,
                         std::function<Result<JournalReader>()> open_journal,
                         std::function<Result<ReportReader>()> open_reports)
    : directory_(options.directory),
      keys_(keys),
      random_(random),
      lock_(std::move(lock)),
      journal_(std::make_unique<Journal>(std::move(journal.journal))),
      reports_(std::move(reports)),
      slots_(reports_.slots()),
      journal_readers_(std::move(open_journal)),
      report_readers_(std::move(open_reports)),
      listing_{options.unlisted_turns, options.listed_at_once},
      media_files_(media_folder(options.directory)),
      reports_path_(reports_file(options.directory)),
      journal_day_(journal.day),
      queue_({.common = options.queue_limit,
              .reserve = options.queue_reserve,
              .waiting = options.queue_waiting,
              .batch = options.largest_batch},
             {[this](std::span<TurnJob> jobs) { work(jobs); }, [this] { idle(); }}) {}

EngineStore::~EngineStore() {
  queue_.stop();
}

Status EngineStore::start() {
  return queue_.run([this]() -> Status {
    RESGUARDO_CHECK(journal_->load(index_));
    RESGUARDO_CHECK(find_closing());
    static_cast<void>(forget_media_of_nobody().ok());      // or with the next sweep
    if (!closing_.empty()) static_cast<void>(try_move());  // what fails is tried again
    return success();
  });
}

// One whose row cannot be read stays where it is.
Status EngineStore::find_closing() {
  std::vector<std::uint64_t> positions;
  index_.each_report([&](ReportName, const ReportEntry& entry) {
    if (entry.closing) positions.push_back(entry.position);
  });
  for (const std::uint64_t position : positions) {
    const auto ids = journal_->ids_at(position);
    if (!ids.ok() && ids.error().fault == Fault::kUnavailable) return ids.error();
    if (ids.ok() && *ids && (*ids)->report) await_move(*(*ids)->report);
  }
  return success();
}

void EngineStore::submit(Turn turn, Completion done) {
  queue_.push({std::move(turn), std::move(done)});
}

void EngineStore::work(std::span<TurnJob> jobs) {
  if (const Status sure = settle(); !sure.ok()) {
    for (TurnJob& job : jobs) queue_.complete(job, sure.error());
    return;
  }
  while (!jobs.empty()) {
    jobs = jobs.subspan(record_some(jobs));
    move_closed();
  }
  wal_holds_released_ = journal_->take_released() || wal_holds_released_;
  if (wal_holds_released_ && ++batches_since_cut_ >= kBatchesBeforeCut) idle();
}

// Records turns from the front, all in one transaction, and completes them; says how many.
std::size_t EngineStore::record_some(std::span<TurnJob> jobs) {
  Outcomes outcomes;
  bool committing = false;
  const Status written = write(jobs, outcomes, committing);
  // What failed before its commit is not recorded, and what is wrong with one turn shall not cost
  // its neighbours anything.
  if (!written.ok() && !committing && jobs.size() > 1) return record_one_by_one(jobs);
  if (outcomes.empty()) outcomes.emplace_back();
  const bool tried = std::ranges::any_of(outcomes, [](const auto& one) { return !one; });
  if (tried) note_written(written);
  for (std::size_t at = 0; at < outcomes.size(); ++at) {
    if (outcomes[at]) continue;
    const Turn& turn = jobs[at].turn;
    if (written.ok()) {
      outcomes[at] = Recorded{turn.conversation ? turn.conversation->expected + 1 : 0};
      note_closing(turn);
    } else {
      outcomes[at] = Error{Fault::kUnavailable, written.error().why};
    }
  }
  note_move_due();
  for (std::size_t at = 0; at < outcomes.size(); ++at) queue_.complete(jobs[at], *outcomes[at]);
  return outcomes.size();
}

// At least one, also while an earlier report waits to be moved: else the writer would go round in
// circles for as long as neither store can be written.
std::size_t EngineStore::record_one_by_one(std::span<TurnJob> jobs) {
  std::size_t recorded = 0;
  do {
    recorded += record_some(jobs.subspan(recorded, 1));
  } while (recorded < jobs.size() && closing_.empty());
  return recorded;
}

Status EngineStore::write(std::span<TurnJob> jobs, Outcomes& outcomes, bool& committing) {
  RESGUARDO_TRY(auto transaction, Transaction::begin(journal_->connection()));
  IndexChanges changes(index_);
  static_cast<void>(journal_->take_gone_media());  // of turns that were not recorded
  RESGUARDO_CHECK(append_all(jobs, changes, outcomes));
  journal_->list_turns(listing_);
  committing = true;
  RESGUARDO_CHECK(commit(transaction, std::move(changes)));
  journal_->listed();
  static_cast<void>(media_files_.remove(journal_->take_gone_media()).ok());  // or the next sweep
  return success();
}

Status EngineStore::append_all(std::span<TurnJob> jobs, IndexChanges& changes, Outcomes& outcomes) {
  for (const TurnJob& job : jobs) {
    if (closed_in(job.turn, changes, index_)) break;
    const Status checked = check(job.turn, changes);
    if (!checked.ok()) {
      outcomes.emplace_back(Result<Recorded>(checked.error()));
      continue;
    }
    outcomes.emplace_back();
    RESGUARDO_CHECK(journal_->append(job.turn, changes));
  }
  return success();
}

Status EngineStore::check(const Turn& turn, IndexChanges& changes) {
  if (!index_.can_hold(journal_->next_position()))
    return Error{Fault::kUnavailable, "the day's journal is full"};
  RESGUARDO_CHECK(
      tell_apart(turn, changes, [this](std::uint64_t at) { return journal_->ids_at(at); }));
  RESGUARDO_CHECK(
      check_turn(turn, changes, [this](const auto& id, const auto& entry, const auto& segment) {
        return journal_->next_sequence(id, entry, segment);
      }));
  RESGUARDO_CHECK(check_media(turn, changes));
  if (!turn.report) return success();
  if (turn.report->only_more && !changes.report(turn.report->report)) {
    RESGUARDO_TRY(const bool there, reports_.has_report(turn.report->report));
    if (!there) return kReportGone;
  }
  for (const SegmentWrite& segment : turn.report->segments) {
    RESGUARDO_TRY(const bool closed, reports_.has_segment(segment.segment));
    if (closed) return Error{Fault::kConflict, "a segment of this name is there already"};
  }
  return success();
}

Status EngineStore::commit(Transaction& transaction, IndexChanges changes) {
  const std::lock_guard committing(commit_mutex_);
  RESGUARDO_CHECK(transaction.commit());
  const std::unique_lock lock(index_mutex_);
  if (changed_) changed_->note(changes);
  std::move(changes).apply_to(index_);
  return success();
}

void EngineStore::note_closing(const Turn& turn) {
  if (!turn.report) return;
  const bool may =
      turn.report->change == ReportChange::kClose || turn.report->change == ReportChange::kAddendum;
  const auto entry = may ? index_.report(turn.report->report) : std::nullopt;
  if (entry && entry->closing) await_move(turn.report->report);
}

// Once, however many of its turns were in one batch: it is gone from the index when it has moved.
void EngineStore::await_move(const ReportId& report) {
  if (std::ranges::find(closing_, report) == closing_.end()) closing_.push_back(report);
}

// Said before the turns are told as recorded: who reads after its own turn waits for the move that
// comes with it, also when it is one that failed before.
void EngineStore::note_move_due() {
  if (closing_.empty()) return;
  const std::lock_guard lock(move_mutex_);
  move_due_ = true;
}

// A move that fails is made again with the next batch, and at start.
void EngineStore::move_closed() {
  if (closing_.empty() || next_day_ || moves_suspended_) return;
  if (!key_unsure_) static_cast<void>(try_move());
  {
    const std::lock_guard lock(move_mutex_);
    move_due_ = false;
  }
  moved_.notify_all();
}

// Moves what is whole. A report that cannot be read, or that the report store does not take, stays
// marked and does not keep the others waiting: docs/adr/023. The error is kUnavailable if the disk
// or the memory was in the way of any.
Status EngineStore::try_move() {
  Status unavailable = success();
  const auto note = [&](const Status& failed) {
    if (!failed.ok() && failed.error().fault == Fault::kUnavailable) unavailable = failed;
  };
  std::vector<ClosedReport> whole;
  for (const ReportId& id : closing_) {
    auto report = journal_->collect(id, *index_.report(id));
    if (report.ok()) {
      whole.push_back(std::move(report).value());
    } else {
      note(report.error());
    }
  }
  if (whole.empty()) return unavailable;
  const Status all = move(whole);
  if (all.ok() || whole.size() == 1) {
    note(all);
    return unavailable;
  }
  std::size_t failures = 0;
  for (const ClosedReport& one : whole) {
    const Status alone = move({&one, 1});
    note(alone);
    if (alone.ok()) continue;
    std::erase(closing_, one.report);  // the others come first next time
    closing_.push_back(one.report);
    if (++failures == kMostTriedAlone) break;
  }
  return unavailable;
}

// First into the report store, and on disk there; only then out of the journal. Cut short in
// between, it is made again, and what is there already stays as it is: docs/adr/023.
Status EngineStore::move(std::span<const ClosedReport> reports) {
  RESGUARDO_CHECK(reports_.add(reports, random_));
  RESGUARDO_TRY(auto transaction, Transaction::begin(journal_->connection()));
  IndexChanges changes(index_);
  for (const ClosedReport& one : reports) {
    RESGUARDO_CHECK(journal_->release(one.report, index_.report(one.report)->position, changes));
    RESGUARDO_CHECK(journal_->media().release(one.report));
    changes.remove(one.report);
  }
  RESGUARDO_CHECK(commit(transaction, std::move(changes)));
  for (const ClosedReport& one : reports) std::erase(closing_, one.report);
  return success();
}

// A quiet moment: what was taken out of the journal goes from its WAL too. When a reader is in the
// way, the next quiet moment will do.
void EngineStore::idle() {
  wal_holds_released_ = journal_->take_released() || wal_holds_released_;
  batches_since_cut_ = 0;
  reports_.tidy();
  if (wal_holds_released_ && journal_->connection().truncate_wal().ok())
    wal_holds_released_ = false;
}

}  // namespace resguardo::storage
