// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "storage/delivered_index.h"
#include "storage/entry_table.h"
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
  // As a number of 13 bits, of weeks until the year 2126; any other is not known.
  std::uint32_t packed() const;
  static FirstWeek unpacked(std::uint32_t packed);

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
//
// Of a conversation and its report it keeps 64 bytes, and four each to find them: positions count
// from the journal's first, and that one writes to the other is kept by number. An entry's `report`
// and `writer` are given for the two that belong together: it was the last to write to a report
// that is open, and has written to no other since.
class JournalIndex {
 public:
  std::optional<ConversationEntry> conversation(const ConversationTag& tag) const;
  std::optional<ReportEntry> report(const ReportId& id) const;
  bool has_segment(const Digest& segment) const { return segments_.contains(print_of(segment)); }
  const DeliveredIndex& delivered() const { return delivered_; }
  std::size_t conversations() const { return conversations_.size(); }
  std::size_t reports() const { return reports_.size(); }
  template <class Visit>
  void each_conversation(Visit visit) const {  // visit(tag, entry)
    conversations_.each([&](const Conversation& one) { visit(one.id, entry_of(one)); });
  }
  template <class Visit>
  void each_report(Visit visit) const {  // visit(id, entry)
    reports_.each([&](const Report& one) { visit(one.id, entry_of(one)); });
  }

  // A journal's positions begin here. Entries that are there already must be placed anew.
  void begin_at(std::uint64_t position) { first_ = position; }
  // Whether an entry may lie there: not after more turns in one day than have ever been.
  bool can_hold(std::uint64_t position) const {
    return position >= first_ && position - first_ < std::numeric_limits<std::uint32_t>::max();
  }
  void put(const ConversationTag& tag, const ConversationEntry& entry);
  void put(const ReportId& id, const ReportEntry& entry);
  void remove(const ConversationTag& tag);
  void remove(const ReportId& id);
  void add_segment(Print segment) { segments_.insert(segment); }
  void remove_segment(Print segment) { segments_.erase(segment); }
  DeliveredIndex& delivered() { return delivered_; }

  // For a turnover (journal_turnover.h): where things are now. A report's place is its writer's
  // too.
  void place(const ReportId& id, std::uint64_t position);
  void place_alone(const ConversationTag& tag, std::uint64_t position);

 private:
  using Number = std::uint32_t;
  static constexpr Number kNobody = std::numeric_limits<Number>::max();
  struct Conversation {
    ConversationTag id;
    std::uint32_t place = 0;
    std::uint32_t counter = 0;
    Number report = kNobody;
  };
  struct Report {
    ReportId id;
    std::uint32_t place = 0;
    std::uint32_t facts = 0;  // journal_index.cpp
    Number writer = kNobody;
    LastRow last;
  };
  static_assert(sizeof(Conversation) + sizeof(Report) == 64);

  std::uint32_t place_of(std::uint64_t position) const {
    return static_cast<std::uint32_t>(position - first_);
  }
  ConversationEntry entry_of(const Conversation& conversation) const;
  ReportEntry entry_of(const Report& report) const;
  void link(Number conversation, Number report);
  void unlink(Conversation& conversation);
  void unlink(Report& report);

  std::uint64_t first_ = 0;
  EntryTable<Conversation> conversations_;
  EntryTable<Report> reports_;
  PrintSet segments_;  // of reports that are here
  DeliveredIndex delivered_;
};

// What a transaction in progress would change: seen by its own later turns, and by nobody else
// until it is committed.
class IndexChanges {
 public:
  explicit IndexChanges(const JournalIndex& base) : base_(base) {}
  std::optional<ConversationEntry> conversation(const ConversationTag& tag) const;
  std::optional<ReportEntry> report(const ReportId& id) const;
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
  ConversationEntry linked(const ConversationTag& tag, ConversationEntry entry) const;
  const JournalIndex& base_;
  std::unordered_map<ConversationTag, std::optional<ConversationEntry>, FixedBytesHash>
      conversations_;
  std::unordered_map<ReportId, std::optional<ReportEntry>, FixedBytesHash> reports_;
  std::unordered_map<DedupeTag, Day, FixedBytesHash> delivered_;
  std::unordered_set<Print> segments_;  // new ones
  std::vector<Print> gone_segments_;
};

}  // namespace resguardo::storage
