// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "storage/sqlcipher/engine_store.h"

namespace resguardo::storage {

std::optional<ConversationEntry> EngineStore::entry_of(const ConversationTag& tag) {
  const std::shared_lock lock(index_mutex_);
  return index_.conversation(tag);
}

Result<std::optional<StoredConversation>> EngineStore::find(const ConversationTag& tag) {
  for (auto entry = entry_of(tag);;) {
    if (!entry) return std::optional<StoredConversation>();
    RESGUARDO_TRY(auto found, journal_readers_.with([&](JournalReader& reader) {
      return reader.state(entry->position, tag);
    }));
    if (found) return std::optional(std::move(found->conversation));
    // The row has just gone: a commit that the index does not show yet.
    const std::lock_guard committed(commit_mutex_);
    const auto now = entry_of(tag);
    if (now && now->position == entry->position) return missing_or_anothers(now->position);
    entry = now;
  }
}

// There, as the index says, is not who was looked for.
Result<std::optional<StoredConversation>> EngineStore::missing_or_anothers(std::uint64_t position) {
  RESGUARDO_TRY(const auto ids, journal_readers_.with([&](JournalReader& reader) {
    return reader.ids_at(position);
  }));
  if (ids && ids->tag) return std::optional<StoredConversation>();  // its print is the same
  return Error{Fault::kMalformed, "a conversation is missing from the journal"};
}

StoreHealth EngineStore::health() {
  const std::lock_guard lock(health_mutex_);
  return {unwritable_, queue_.is_full(), damaged_};
}

void EngineStore::note_written(const Status& written) {
  const std::lock_guard lock(health_mutex_);
  if (written.ok()) unwritable_.reset();
  if (!written.ok() && written.error().fault == Fault::kUnavailable)
    unwritable_ = written.error().why;
}

Status EngineStore::try_to_write() {
  return queue_.run([this]() -> Status {
    const auto touch = [this]() -> Status {
      RESGUARDO_CHECK(settle());
      RESGUARDO_TRY(const auto version, journal_->connection().number("PRAGMA user_version"));
      RESGUARDO_TRY(auto transaction, sqlcipher::Transaction::begin(journal_->connection()));
      RESGUARDO_CHECK(journal_->connection().set_version(version));
      return transaction.commit();
    };
    auto written = touch();
    note_written(written);
    return written;
  });
}

Result<bool> EngineStore::seen(const DedupeTag& tag) {
  const std::shared_lock lock(index_mutex_);
  return index_.delivered().contains(print_of(tag));
}

// The index has their names only: whose they are is read, in the order of the journal.
Result<std::vector<OpenReport>> EngineStore::open_reports_that(const Wanted& wanted) {
  std::vector<Waiting> found;
  {
    const std::shared_lock lock(index_mutex_);
    index_.each_report([&](ReportName name, const ReportEntry& entry) {
      OpenReport one{{}, entry.last_turn, entry.keep_partial, entry.position};
      if (entry.begun.number()) one.begun = Week{*entry.begun.number()};
      if (!entry.closing && wanted(one)) found.push_back({name, one});
    });
  }
  std::ranges::sort(found, {}, [](const Waiting& one) { return one.report.version; });
  std::vector<OpenReport> open;
  for (Waiting& one : found) {
    RESGUARDO_TRY(const bool is_open, identify(one));
    if (is_open) open.push_back(one.report);
  }
  return open;
}

// False: it has ended meanwhile. Of a damaged row the id stays nobody's.
Result<bool> EngineStore::identify(Waiting& waiting) {
  const auto read = [&]() -> Result<bool> {
    const auto ids = journal_readers_.with(
        [&](JournalReader& reader) { return reader.ids_at(waiting.report.version); });
    if (!ids.ok() && ids.error().fault == Fault::kUnavailable) return ids.error();
    if (ids.ok() && *ids && (*ids)->report) waiting.report.report = *(*ids)->report;
    return ids.ok() && *ids && (*ids)->report;
  };
  RESGUARDO_TRY(const bool found, read());
  if (found) return true;
  // The row has just gone: a commit or another day's journal that was not to be seen yet.
  const std::lock_guard committed(commit_mutex_);
  const auto now = index_.report(waiting.name);
  if (!now || now->closing) return false;
  waiting.report.version = now->position;
  waiting.report.last_turn = now->last_turn;
  RESGUARDO_CHECK(read());
  return true;
}

Result<std::optional<OpenContents>> EngineStore::open_contents(const ReportId& report) {
  std::optional<OpenContents> contents;
  const Status read = queue_.run([&]() -> Status {
    const auto entry = index_.report(report);
    if (!entry || entry->closing) return success();
    RESGUARDO_TRY(const auto ids, journal_->ids_at(entry->position));
    if (ids && ids->report != report) return success();  // another's, with the same print
    RESGUARDO_TRY(auto whole, journal_->collect(report, *entry));
    contents =
        OpenContents{entry->position, std::move(whole.parts.segments), std::move(whole.parts.rows)};
    return success();
  });
  RESGUARDO_CHECK(read);
  return contents;
}

Result<std::size_t> EngineStore::unmoved_reports() {
  wait_for_moves();
  const std::shared_lock lock(index_mutex_);
  std::size_t closing = 0;
  index_.each_report([&](ReportName, const ReportEntry& entry) { closing += entry.closing; });
  return closing;
}

Status EngineStore::forget_deliveries_before(Day day) {
  const std::lock_guard no_turnover(turnover_mutex_);
  return queue_.run([this, day]() -> Status {
    const auto oldest = index_.delivered().oldest();
    if (!oldest || *oldest >= day) return success();  // nothing is read for nothing
    RESGUARDO_TRY(auto transaction, sqlcipher::Transaction::begin(journal_->connection()));
    RESGUARDO_CHECK(journal_->forget_deliveries_before(day));
    RESGUARDO_CHECK(transaction.commit());
    const std::unique_lock lock(index_mutex_);
    index_.delivered().forget_before(day);
    return success();
  });
}

void EngineStore::wait_for_moves() {
  if (queue_.on_writer_thread()) return;
  std::unique_lock lock(move_mutex_);
  moved_.wait(lock, [this] { return !move_due_; });
}

Result<std::vector<StoredReport>> EngineStore::reports() {
  wait_for_moves();
  return report_readers_.with([](ReportReader& reader) { return reader.reports(); });
}

Result<std::vector<StoredSegment>> EngineStore::segments(const ReportId& report) {
  wait_for_moves();
  return report_readers_.with([&](ReportReader& reader) { return reader.segments(report); });
}

Status EngineStore::rows(const Digest& segment, const RowVisitor& visit) {
  wait_for_moves();
  return report_readers_.with([&](ReportReader& reader) { return reader.rows(segment, visit); });
}

Result<std::optional<Bytes>> EngineStore::fact(std::string_view name) {
  return report_readers_.with([&](ReportReader& reader) { return reader.fact(name); });
}

Status EngineStore::set_fact(std::string_view name, ByteView value) {
  return queue_.run([&]() -> Status {
    RESGUARDO_CHECK(may_change_reports());
    return reports_.set_fact(name, value);
  });
}

}  // namespace resguardo::storage
