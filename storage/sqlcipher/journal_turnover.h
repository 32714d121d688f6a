// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <shared_mutex>
#include <span>
#include <utility>
#include <vector>

#include "crypto/base/random.h"
#include "storage/sqlcipher/journal_changes.h"
#include "storage/sqlcipher/journal_index.h"
#include "storage/sqlcipher/next_journal.h"
#include "storage/sqlcipher/readers.h"

namespace resguardo::storage {

// Copies what is open into the next journal, in random order, while the old one goes on
// (docs/adr/140). What changes meanwhile is copied again; the last of it when nothing can change.
//
// One thread at a time. It reads the index under `mutex`, for a moment at a time.
class JournalTurnover {
 public:
  struct Parts {
    const JournalIndex& index;
    std::shared_mutex& mutex;
    JournalReader source;
    std::optional<NextJournal> next;
    Day oldest;  // conversations without an open report that were last heard before it stay behind
    RandomSource& random;
  };
  explicit JournalTurnover(Parts parts)
      : parts_(std::move(parts)), first_position_(parts_.next->next_position()) {}

  void want_all();
  void want(const JournalChanges& changes);
  enum class While : std::uint8_t { kTurnsArrive, kNothingChanges };
  // Copies what is wanted. Nothing changes: what cannot be read is an error; else what has gone
  // under its hands is wanted again.
  Status copy(While meanwhile);
  // What the journal knows of files. Once, when nothing changes any more.
  Status copy_media();
  // Everything that the index has was copied, or stays behind.
  bool is_whole() const;

  std::uint64_t next_position() const { return next_position_; }
  // All of it is in the new file, on disk, and the file is closed.
  Status finish();
  // Where everything is now; what stays behind leaves the index.
  void apply_to(JournalIndex& index) const;

 private:
  // One row of the new journal: a report with its writer, or a conversation without.
  struct Item {
    Print name;
    bool is_report = false;
    std::uint64_t position = 0;  // in the new journal; 0: not copied, or it stays behind
  };
  struct Wanted {
    Item item;
    std::optional<ReportEntry> report;
    std::optional<ConversationEntry> conversation;
  };

  static Item item_of(ReportName name) { return {static_cast<Print>(name), true}; }
  static Item item_of(TagName name) { return {static_cast<Print>(name), false}; }
  static ReportName report_in(const Item& item) { return ReportName{item.name}; }
  static TagName tag_in(const Item& item) { return TagName{item.name}; }
  std::optional<Wanted> look_up(const Item& item) const;
  Status copy_items(std::span<const Item> items, While meanwhile);
  Result<std::uint64_t> copy_one(const Wanted& wanted);
  Result<std::optional<OpenRow>> read(const Wanted& wanted);
  Status deliver(std::span<const std::pair<Print, Day>> prints);
  Status remove_stale();
  void shuffle_wanted();

  Parts parts_;
  std::uint64_t first_position_;
  std::vector<Item> wanted_;
  std::vector<Item> copied_;
  std::vector<Item> gone_;            // changed while it was being copied
  std::vector<std::uint64_t> stale_;  // rows of what has changed since it was copied
  std::vector<std::pair<Print, Day>> delivered_;
  std::uint64_t next_position_ = 0;
};

}  // namespace resguardo::storage
