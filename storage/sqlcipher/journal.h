// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/journal_ids.h"
#include "storage/sqlcipher/journal_index.h"
#include "storage/sqlcipher/journal_media.h"
#include "storage/sqlcipher/sealed_part.h"

namespace resguardo::storage {

// A report that is whole, as it goes from the journal to the report store.
struct ClosedReport {
  ReportId report;
  Day closed;
  SealedPart parts;                    // of all its turns, in their order
  std::vector<MediaWrite> media = {};  // that were fetched
};

// The write side of one journal file (docs/adr/022): one row per turn, appended. A turn costs one
// row at the end of one tree; older rows are touched only when a conversation moves to another
// tag, is removed, or its report ends. Then both what the turn said and the tags that could link
// it go; what is left is that a message was delivered.
//
// One thread. append(), release() and forget…() run inside the caller's transaction, and `changes`
// is what the caller applies to the index once that is committed.
class Journal {
 public:
  // May be new: it is made when it is not there. Otherwise an empty one is kMalformed.
  static Result<Journal> open(const std::filesystem::path& file, const SecretBytes& key,
                              bool may_be_new);
  Journal(Journal&& other) noexcept;
  Journal& operator=(Journal&&) = delete;
  ~Journal();

  Status load(JournalIndex& index);
  // Instead of load(), for a journal that was written by a turnover: its next row's position.
  void continue_at(std::uint64_t position) {
    next_position_ = position;
    listed_ = listing_ = position - 1;
  }
  std::uint64_t next_position() const { return next_position_; }
  sqlcipher::Connection& connection() { return connection_; }

  Status append(const Turn& turn, IndexChanges& changes);
  // Nothing: no row is there.
  Result<std::optional<TurnOwners>> ids_at(std::uint64_t position);
  Result<ClosedReport> collect(const ReportId& id, const ReportEntry& entry);
  // The sequence that comes next in a segment of this report; nothing: it has no such segment.
  Result<std::optional<std::uint64_t>> next_sequence(const ReportId& id, const ReportEntry& entry,
                                                     const Digest& segment);
  JournalMedia& media();
  // Whether the report has an addendum of this index.
  Result<bool> has_addendum(const ReportId& id, const ReportEntry& entry, std::uint32_t index);
  // Files of erased reports that append() has forgotten since the last call: they may go once that
  // is committed.
  std::vector<MediaId> take_gone_media() { return std::exchange(gone_media_, {}); }
  // The report's part of its rows.
  Status release(const ReportId& id, std::uint64_t position, IndexChanges& changes);
  Status forget_deliveries_before(Day day);

  // Brings the table that a start reads up to date, some turns at a time, at the end of the
  // caller's transaction: none of the last `behind` turns, so that what ends soon is never in it.
  // What cannot be listed is left to the next, and a start reads it whole. listed(): committed.
  struct Listing {
    std::uint64_t behind;
    std::uint64_t at_once;
  };
  void list_turns(const Listing& listing);
  void listed() { listed_ = listing_; }

  // Rows of somebody were taken out since the last call: the WAL still holds them.
  bool take_released() { return std::exchange(released_, false); }

 private:
  struct Statements;
  struct Row;
  Journal(sqlcipher::Connection connection, std::unique_ptr<Statements> statements);

  Status end_report(const Turn& turn, IndexChanges& changes);
  Status place_conversation(const Turn& turn, Row& row, IndexChanges& changes);
  void place_report(const Turn& turn, Row& row, IndexChanges& changes);
  Status insert(const Row& row, ByteView delivered);
  Status deliver(ByteView tags, Day day);
  Status release_states(const ConversationTag& tag, std::uint64_t position);
  Status clear_state(std::uint64_t position);
  Status clear_report(std::uint64_t position);
  Status remove_row(std::uint64_t position);
  void note_deliveries(std::size_t count, Day day);

  sqlcipher::Connection connection_;
  std::unique_ptr<Statements> statements_;
  std::uint64_t next_position_ = 1;
  std::uint64_t listing_ = 0;             // what listed_ is once this transaction is committed
  std::uint64_t listed_ = 0;              // the turns up to here are in the table `listed`
  std::optional<Day> oldest_deliveries_;  // that a turn's row may still have
  std::vector<MediaId> gone_media_;
  bool released_ = false;
};

}  // namespace resguardo::storage
