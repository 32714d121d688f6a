// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <unordered_set>
#include <utility>
#include <vector>

#include "storage/sqlcipher/journal_index.h"

namespace resguardo::storage {

// What commits have changed since a turnover of the journal began, or since it last asked.
struct JournalChanges {
  std::unordered_set<ReportName> reports;
  std::unordered_set<TagName> conversations;
  std::vector<std::pair<Print, Day>> delivered;

  // Notes what `changes` are about to do to their index: what changes, and what it was or is
  // linked with.
  void note(const IndexChanges& changes);
  std::size_t size() const { return reports.size() + conversations.size() + delivered.size(); }
};

}  // namespace resguardo::storage
