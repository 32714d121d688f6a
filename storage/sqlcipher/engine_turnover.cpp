// SPDX-License-Identifier: AGPL-3.0-or-later
// The daily turnover of the journal: docs/adr/140.
#include <algorithm>
#include <array>
#include <cstdio>

#include "storage/durable_file.h"
#include "storage/sqlcipher/engine_store.h"
#include "storage/sqlcipher/files.h"
#include "storage/sqlcipher/journal_turnover.h"
#include "storage/sqlcipher/old_journals.h"

namespace resguardo::storage {
namespace {

// What may be left to copy while the writer waits.
constexpr std::size_t kSmallRest = 64;
constexpr int kMostRounds = 16;

// A new journal's positions begin far behind the old one's: no version of a report comes twice
// within one process, and they do not say how many turns there have been.
std::uint64_t first_position(std::uint64_t after, RandomSource& random) {
  std::array<std::uint8_t, 4> bytes{};
  random.fill(bytes);
  std::uint64_t step = 1;
  for (const std::uint8_t byte : bytes) step = step << 8 | byte;
  return after + step;
}

}  // namespace

Status EngineStore::turn_over_journal(Day day, Day oldest) {
  const std::lock_guard one_at_a_time(turnover_mutex_);
  RESGUARDO_TRY(const Day current, settled_day());
  RESGUARDO_CHECK(remove_other_journals(directory_, keys_, current));
  if (day <= current) return success();
  const Status turned = make_next_day(day, oldest);
  RESGUARDO_TRY(const Day now, settled_day());
  RESGUARDO_CHECK(remove_other_journals(directory_, keys_, now));
  return turned;
}

// Which journal counts. While that is not sure nothing may be removed.
Result<Day> EngineStore::settled_day() {
  std::unique_ptr<Journal> retired;  // closed here: that may take a while
  Day day;
  const Status settled = queue_.run([&] {
    auto sure = settle();
    retired = std::move(retired_);
    day = journal_day_;
    return sure;
  });
  if (!settled.ok()) return settled.error();
  return day;
}

Status EngineStore::make_next_day(Day day, Day oldest) {
  RESGUARDO_TRY(auto next, begin_next_day(day, oldest));
  Status done = copy_while_turns_arrive(next->copy);
  if (done.ok()) done = queue_.run([&] { return finish_next_day(std::move(next)); });
  const std::unique_lock lock(index_mutex_);
  changed_.reset();
  return done;
}

Result<std::unique_ptr<EngineStore::NextDay>> EngineStore::begin_next_day(Day day, Day oldest) {
  RESGUARDO_TRY(auto source, journal_readers_.open_another());
  RESGUARDO_TRY(const auto size, source.bytes_in_use());
  RESGUARDO_CHECK(room_for(size, directory_, "the disk has no room for the next day's journal"));
  std::uint64_t first = 0;
  RESGUARDO_CHECK(queue_.run([&]() -> Status {
    first = first_position(journal_->next_position(), random_);
    return success();
  }));
  RESGUARDO_TRY(auto key, keys_.journal_key(day));
  RESGUARDO_TRY(auto file,
                NextJournal::create(unfinished_journal_file(directory_, day), key, first));
  {
    const std::unique_lock lock(index_mutex_);
    changed_.emplace();
  }
  return std::make_unique<NextDay>(NextDay{day, std::make_shared<const SecretBytes>(std::move(key)),
                                           JournalTurnover({index_, index_mutex_, std::move(source),
                                                            std::move(file), oldest, random_})});
}

JournalChanges EngineStore::take_changes() {
  const std::unique_lock lock(index_mutex_);
  return std::exchange(*changed_, {});
}

Status EngineStore::copy_while_turns_arrive(JournalTurnover& copy) {
  copy.want_all();
  RESGUARDO_CHECK(copy.copy(JournalTurnover::While::kTurnsArrive));
  for (int round = 0; round < kMostRounds; ++round) {
    {
      const std::shared_lock lock(index_mutex_);
      if (changed_->size() <= kSmallRest) break;
    }
    copy.want(take_changes());
    RESGUARDO_CHECK(copy.copy(JournalTurnover::While::kTurnsArrive));
  }
  return success();
}

// On the writer thread: the last of it, and the new file takes the old one's place.
Status EngineStore::finish_next_day(std::unique_ptr<NextDay> next) {
  JournalTurnover& copy = next->copy;
  copy.want(take_changes());
  RESGUARDO_CHECK(copy.copy(JournalTurnover::While::kNothingChanges));
  RESGUARDO_CHECK(copy.copy_media());
  if (!copy.is_whole())
    return Error{Fault::kMalformed, "the next day's journal does not hold what it should"};
  RESGUARDO_CHECK(copy.finish());
  const auto file = journal_file(directory_, next->day);
  if (std::rename(unfinished_journal_file(directory_, next->day).c_str(), file.c_str()) != 0)
    return Error{Fault::kUnavailable, "the next day's journal cannot be put in its place"};
  next_day_ = std::move(next);
  return settle();
}

// From the moment the new file has its name it is the one that a start would take. Until this
// process has it open, and the name is on disk, no turn is recorded in either.
Status EngineStore::settle() {
  if (!next_day_) return success();
  RESGUARDO_CHECK(sync_directory(directory_));
  const auto file = journal_file(directory_, next_day_->day);
  RESGUARDO_TRY(auto journal, Journal::open(file, *next_day_->key, false));
  journal.continue_at(next_day_->copy.next_position());
  {
    const std::lock_guard committing(commit_mutex_);
    journal_readers_.replace(
        [file, key = next_day_->key] { return JournalReader::open(file, *key); });
    const std::unique_lock lock(index_mutex_);
    next_day_->copy.apply_to(index_);
  }
  retired_ = std::exchange(journal_, std::make_unique<Journal>(std::move(journal)));
  journal_day_ = next_day_->day;
  wal_holds_released_ = false;
  next_day_.reset();
  return success();
}

}  // namespace resguardo::storage
