// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/journal_changes.h"

namespace resguardo::storage {

void JournalChanges::note(const IndexChanges& changes) {
  const auto report_of_entry = [this](const std::optional<ConversationEntry>& entry) {
    if (entry && entry->report) reports.insert(*entry->report);
  };
  const auto writer_of_entry = [this](const std::optional<ReportEntry>& entry) {
    if (entry && entry->writer) conversations.insert(*entry->writer);
  };
  for (const auto& [name, entry] : changes.conversations()) {
    conversations.insert(name);
    report_of_entry(changes.base().conversation(name));
    report_of_entry(entry);
  }
  for (const auto& [name, entry] : changes.reports()) {
    reports.insert(name);
    writer_of_entry(changes.base().report(name));
    writer_of_entry(entry);
  }
  for (const auto& [tag, day] : changes.delivered()) delivered.emplace_back(print_of(tag), day);
}

}  // namespace resguardo::storage
