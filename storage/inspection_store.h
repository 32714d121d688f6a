// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "crypto/base/result.h"

namespace resguardo::storage {

enum class Damage : std::uint8_t {
  kReportsPage,   // number: of the page in its file, from 1
  kReportsTrees,  // pages authenticate or not: what they say together does not make sense
  kReportsWal,    // number: commits that were on disk and could not be read at the last start
  kJournalPage,
  kJournalTrees,
  kJournalWal,
  kCell,  // number: of the cell, from 0
  // Files of reporters; number: how many.
  kMediaMissing,
  kMediaChanged,  // another length than was written, or, where all is read, another digest
  kMediaForeign,  // in their folder, and nobody's
};
struct DamageFound {
  Damage what = Damage::kReportsPage;
  std::uint64_t number = 0;
};

// What of a store's files was looked at, and what of it is not as it was written.
struct FilesInspected {
  std::uint64_t pages = 0;
  std::uint64_t cells = 0;
  std::uint64_t media = 0;  // files of reporters
  std::vector<DamageFound> found;
};

// How much is read. The trees alone: every page that is in use, as one reader after the other would
// meet it, and of files of reporters their lengths; all of it: the file's pages too, so that each
// damaged one has its number, and those files.
struct InspectionScope {
  bool every_page = true;
  std::function<bool()> stop = {};  // asked now and then, not between pages of a database
};

// What disks do to files (docs/adr/139). Thread-safe; turns are recorded meanwhile.
class InspectionStore {
 public:
  virtual ~InspectionStore() = default;

  // Reads the databases and the slots, and changes nothing. What is damaged is no error: it is
  // told, by number only. kUnavailable: it was stopped, or cannot look. An engine without files
  // has nothing to look at. Never call it from a completion.
  virtual Result<FilesInspected> inspect_files(const InspectionScope& scope) = 0;
};

}  // namespace resguardo::storage
