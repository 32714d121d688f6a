// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "storage/delivered_index.h"
#include "storage/store.h"

namespace resguardo::storage {

struct ConversationEntry {
  std::uint64_t position = 0;  // of the journal row with its state
  std::uint64_t counter = 0;
  std::optional<ReportId> report;  // the open report it last wrote to
};

// The number of the earliest week that a report's segments are sealed to; nothing: it has none, or
// it is not known of all of them.
class FirstWeek {
 public:
  void add(std::optional<std::int32_t> week) {
    if (begun_ && week_ && week) week = std::min(*week_, *week);
    if (begun_ && !week_) week.reset();
    week_ = week;
    begun_ = true;
  }
  const std::optional<std::int32_t>& number() const { return week_; }

 private:
  bool begun_ = false;
  std::optional<std::int32_t> week_;
};

// The row that was told last of a report: half its segment's print, and the sequence that comes
// next. No sequence is 0: it is in the journal alone.
struct LastRow {
  std::uint32_t segment = 0;
  std::uint32_t next = 0;
  static std::uint32_t half(const Digest& segment) {
    return static_cast<std::uint32_t>(print_of(segment));
  }
};

struct ReportEntry {
  std::uint64_t position = 0;  // of its newest journal row
  Day last_turn;               // of its conversation
  bool keep_partial = false;
  bool closing = false;
  std::optional<ConversationTag> writer;  // the conversation that last wrote to it
  FirstWeek begun;
  LastRow last;
};

// Where things are in the journal; rebuilt from it at start. Holds no secret and nothing that the
// journal does not. Not thread-safe.
class JournalIndex {
 public:
  const ConversationEntry* conversation(const ConversationTag& tag) const;
  const ReportEntry* report(const ReportId& id) const;
  bool has_segment(const Digest& segment) const { return segments_.contains(print_of(segment)); }
  const DeliveredIndex& delivered() const { return delivered_; }
  const auto& reports() const { return reports_; }
  const auto& conversations() const { return conversations_; }

  void put(const ConversationTag& tag, const ConversationEntry& entry);
  void put(const ReportId& id, const ReportEntry& entry) { reports_.insert_or_assign(id, entry); }
  void remove(const ConversationTag& tag) { conversations_.erase(tag); }
  void remove(const ReportId& id) { reports_.erase(id); }
  void add_segment(Print segment) { segments_.insert(segment); }
  void remove_segment(Print segment) { segments_.erase(segment); }
  DeliveredIndex& delivered() { return delivered_; }

  // The conversation that writes to this report; nothing: none, or the report is on its way out.
  const ConversationEntry* writer(const ReportId& id, const ReportEntry& entry) const;
  // For a turnover (journal_turnover.h): where things are now. A report's place is its writer's
  // too.
  void place(const ReportId& id, std::uint64_t position);
  void place_alone(const ConversationTag& tag, std::uint64_t position);

 private:
  std::unordered_map<ConversationTag, ConversationEntry, FixedBytesHash> conversations_;
  std::unordered_map<ReportId, ReportEntry, FixedBytesHash> reports_;
  PrintSet segments_;  // of reports that are here
  DeliveredIndex delivered_;
};

// What a transaction in progress would change: seen by its own later turns, and by nobody else
// until it is committed.
class IndexChanges {
 public:
  explicit IndexChanges(const JournalIndex& base) : base_(base) {}
  const ConversationEntry* conversation(const ConversationTag& tag) const;
  const ReportEntry* report(const ReportId& id) const;
  bool seen(const DedupeTag& tag) const;
  bool has_segment(const Digest& segment) const;

  void put(const ConversationTag& tag, const ConversationEntry& entry);
  void put(const ReportId& id, const ReportEntry& entry) { reports_[id] = entry; }
  void remove(const ConversationTag& tag) { conversations_[tag].reset(); }
  void remove(const ReportId& id) { reports_[id].reset(); }
  void add_segment(Print segment) { segments_.insert(segment); }
  void remove_segment(Print segment) { gone_segments_.push_back(segment); }
  void deliver(const DedupeTag& tag, Day day) { delivered_[tag] = day; }

  const auto& conversations() const { return conversations_; }
  const auto& reports() const { return reports_; }
  const auto& delivered() const { return delivered_; }
  const JournalIndex& base() const { return base_; }

  void apply_to(JournalIndex& index) &&;

 private:
  const JournalIndex& base_;
  std::unordered_map<ConversationTag, std::optional<ConversationEntry>, FixedBytesHash>
      conversations_;
  std::unordered_map<ReportId, std::optional<ReportEntry>, FixedBytesHash> reports_;
  std::unordered_map<DedupeTag, Day, FixedBytesHash> delivered_;
  std::unordered_set<Print> segments_;  // new ones
  std::vector<Print> gone_segments_;
};

}  // namespace resguardo::storage
