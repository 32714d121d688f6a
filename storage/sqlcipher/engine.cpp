// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/engine.h"

#include <algorithm>
#include <utility>

#include "storage/durable_file.h"
#include "storage/sqlcipher/engine_store.h"
#include "storage/sqlcipher/files.h"
#include "storage/sqlcipher/old_journals.h"
#include "storage/sqlcipher/rekey.h"
#include "storage/sqlcipher/wal_scan.h"
#include "storage/store_lock.h"

namespace resguardo::storage {
namespace {

Result<std::uint64_t> lost_in(std::filesystem::path database) {
  return unreadable_commits(database += "-wal");
}

}  // namespace

constexpr Error kNoJournal = {
    Fault::kMalformed,
    "the journal with the open reports is not there, and it has a key: put the file back, or give "
    "those reports up by removing keys/journal-…"};

Status create_store(const std::filesystem::path& directory, KeyRing& keys) {
  RESGUARDO_TRY(const auto lock, StoreLock::acquire(directory));
  std::error_code ignored;
  if (std::filesystem::exists(reports_file(directory), ignored) ||
      std::filesystem::exists(reports_next_file(directory), ignored))
    return Error{Fault::kConflict, "there is a store here already"};
  RESGUARDO_TRY(const auto key, keys.store_key());
  SystemRandom random;
  RESGUARDO_TRY(
      const auto reports,
      ReportWriter::open({reports_file(directory), slots_file(directory)}, key, true, random));
  return success();
}

namespace {

// Open reports lie in the journal alone: where it has gone, nobody may go on as if there were none.
// What is being made is announced before it gets a key, so that a first start may be cut short.
Status begin_first_journal(const Journals& found, const EngineOptions& options, KeyRing& keys) {
  RESGUARDO_TRY(const auto days, keys.journal_days());
  for (const Day day : days)
    if (!std::ranges::binary_search(found.unfinished, day)) return kNoJournal;
  const Status announced =
      write_new_file(unfinished_journal_file(options.directory, options.today), {});
  if (!announced.ok() && announced.error().fault != Fault::kConflict) return announced;
  return success();
}

}  // namespace

Result<std::unique_ptr<Store>> open_store(const EngineOptions& options, KeyRing& keys,
                                          RandomSource& random) {
  RESGUARDO_TRY(auto lock, StoreLock::acquire(options.directory, options.use));
  std::error_code ignored;
  RESGUARDO_CHECK(keys.settle_store_key());
  EngineStore::LostCommits lost;
  RESGUARDO_TRY(lost.reports, lost_in(reports_next_file(options.directory)));
  RESGUARDO_CHECK(settle_reports(options.directory, keys));
  if (!std::filesystem::exists(reports_file(options.directory), ignored))
    return Error{Fault::kNotFound, "there is no store in this directory"};
  RESGUARDO_CHECK(remove_database(reports_copy_file(options.directory)));  // a backup was cut short
  RESGUARDO_TRY(const auto lost_here, lost_in(reports_file(options.directory)));
  lost.reports += lost_here;
  RESGUARDO_TRY(auto store_key, keys.store_key());
  RESGUARDO_TRY(auto reports,
                ReportWriter::open({reports_file(options.directory), slots_file(options.directory)},
                                   store_key, false, random));
  const auto slots = reports.slots();
  RESGUARDO_TRY(const auto found, find_journals(options.directory));
  if (found.whole.empty()) RESGUARDO_CHECK(begin_first_journal(found, options, keys));
  const Day day = found.whole.empty() ? options.today : found.whole.back();
  RESGUARDO_TRY(auto journal_key, keys.journal_key(day));
  const auto file = journal_file(options.directory, day);
  RESGUARDO_TRY(lost.journal, lost_in(file));
  RESGUARDO_TRY(auto journal, Journal::open(file, journal_key, found.whole.size() < 2));
  auto store = std::make_unique<EngineStore>(
      options, keys, random, std::move(lock), EngineStore::OpenedJournal{day, std::move(journal)},
      std::move(reports),
      [file, key = std::make_shared<SecretBytes>(std::move(journal_key))] {
        return JournalReader::open(file, *key);
      },
      [slots, path = reports_file(options.directory),
       key = std::make_shared<SecretBytes>(std::move(store_key))] {
        return ReportReader::open(path, *key, slots);
      });
  store->note_lost(lost);
  RESGUARDO_CHECK(store->start());
  // Only now: had the newest one not opened, an older one might be all there is.
  RESGUARDO_CHECK(remove_other_journals(options.directory, keys, day));
  static_cast<void>(store->sweep_media().ok());  // or with upkeep
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace resguardo::storage
