// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/old_journals.h"

#include "storage/sqlcipher/files.h"

namespace resguardo::storage {

Status remove_other_journals(const std::filesystem::path& directory, KeyRing& keys, Day current) {
  RESGUARDO_TRY(const auto days, keys.journal_days());
  for (const Day day : days)
    if (day != current) RESGUARDO_CHECK(keys.destroy_journal_key(day));
  RESGUARDO_TRY(const auto journals, find_journals(directory));
  for (const Day day : journals.whole)
    if (day != current) RESGUARDO_CHECK(remove_database(journal_file(directory, day)));
  for (const Day day : journals.unfinished)
    RESGUARDO_CHECK(remove_database(unfinished_journal_file(directory, day)));
  return success();
}

}  // namespace resguardo::storage
