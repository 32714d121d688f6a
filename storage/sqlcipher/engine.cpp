// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/engine.h"

#include <utility>

#include "storage/sqlcipher/engine_store.h"
#include "storage/sqlcipher/files.h"
#include "storage/sqlcipher/old_journals.h"
#include "storage/store_lock.h"

namespace resguardo::storage {

Status create_store(const std::filesystem::path& directory, KeyRing& keys) {
  RESGUARDO_TRY(const auto lock, StoreLock::acquire(directory));
  std::error_code ignored;
  if (std::filesystem::exists(reports_file(directory), ignored))
    return Error{Fault::kConflict, "there is a store here already"};
  RESGUARDO_TRY(const auto key, keys.store_key());
  SystemRandom random;
  RESGUARDO_TRY(
      const auto reports,
      ReportWriter::open({reports_file(directory), slots_file(directory)}, key, true, random));
  return success();
}

Result<std::unique_ptr<Store>> open_store(const EngineOptions& options, KeyRing& keys,
                                          RandomSource& random) {
  RESGUARDO_TRY(auto lock, StoreLock::acquire(options.directory));
  std::error_code ignored;
  if (!std::filesystem::exists(reports_file(options.directory), ignored))
    return Error{Fault::kNotFound, "there is no store in this directory"};
  RESGUARDO_CHECK(remove_database(reports_copy_file(options.directory)));  // a backup was cut short
  RESGUARDO_TRY(auto store_key, keys.store_key());
  RESGUARDO_TRY(auto reports,
                ReportWriter::open({reports_file(options.directory), slots_file(options.directory)},
                                   store_key, false, random));
  const auto slots = reports.slots();
  RESGUARDO_TRY(const auto found, find_journals(options.directory));
  const Day day = found.whole.empty() ? options.today : found.whole.back();
  RESGUARDO_TRY(auto journal_key, keys.journal_key(day));
  const auto file = journal_file(options.directory, day);
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
  RESGUARDO_CHECK(store->start());
  // Only now: had the newest one not opened, an older one might be all there is.
  RESGUARDO_CHECK(remove_other_journals(options.directory, keys, day));
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace resguardo::storage
