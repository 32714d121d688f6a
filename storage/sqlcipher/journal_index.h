// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "storage/delivered_index.h"
#include "storage/open_slots.h"
#include "storage/page_memory.h"
#include "storage/store.h"

namespace resguardo::storage {

// What the index calls a conversation's tag, or a report: 48 bits of its print, or others for whom
// comes with those of somebody else. Nobody else has them for as long as its entry is there. Never
// 0.
enum class TagName : std::uint64_t {};
enum class ReportName : std::uint64_t {};
constexpr unsigned kNameBits = 48;

// The next name after this one that is nobody's.
template <class Name, class Taken>
Name another_name(Name name, Taken taken) {
  constexpr std::uint64_t kMask = (std::uint64_t{1} << kNameBits) - 1;
  do name = Name{(static_cast<std::uint64_t>(name) + 1) & kMask};
  while (name == Name{} || taken(name));
  return name;
}

// A number in fewer bytes, wherever they lie.
template <class Value, std::size_t kBytes>
class Squeezed {
 public:
  Squeezed() = default;
  Squeezed(Value value) {  // NOLINT(google-explicit-constructor)
    const auto number = static_cast<std::uint64_t>(value);
    std::memcpy(bytes_.data(), &number, kBytes);
  }
  operator Value() const {  // NOLINT(google-explicit-constructor)
    std::uint64_t number = 0;
    std::memcpy(&number, bytes_.data(), kBytes);
    return static_cast<Value>(number);
  }

 private:
  static_assert(std::endian::native == std::endian::little);
  std::array<std::uint8_t, kBytes> bytes_{};
};

struct ConversationEntry {
  std::uint64_t position = 0;  // of the journal row with its state
  std::uint64_t counter = 0;
  std::optional<ReportName> report;  // the open report it last wrote to
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
  std::optional<TagName> writer;  // the conversation that last wrote to it
  FirstWeek begun;
  LastRow last;
};

// Where things are in the journal; rebuilt from it at start. Holds no secret and nothing that the
// journal does not. Not thread-safe.
//
// Of a conversation and its report it keeps 36 bytes together, and four for each to find it:
// positions count from the journal's first, and of both ids it keeps the name only. So an entry
// that is found may be another's, who has the same print: the row at its position says whose it is
// (turn_check.h, docs/adr/149). An entry's `report` and `writer` are given for the two that belong
// together: it was the last to write to a report that is open, and has written to no other since.
class JournalIndex {
 public:
  TagName name_of(const ConversationTag& tag) const { return conversation_names_.of(tag); }
  ReportName name_of(const ReportId& id) const { return report_names_.of(id); }
  std::optional<ConversationEntry> conversation(TagName name) const;
  std::optional<ReportEntry> report(ReportName name) const;
  std::optional<ConversationEntry> conversation(const ConversationTag& tag) const {
    return conversation(name_of(tag));
  }
  std::optional<ReportEntry> report(const ReportId& id) const { return report(name_of(id)); }
  bool has(TagName name) const { return find(name) != 0; }
  bool has(ReportName name) const { return find(name) != 0; }
  bool has_segment(const Digest& segment) const { return segments_.contains(print_of(segment)); }
  const DeliveredIndex& delivered() const { return delivered_; }
  std::size_t conversations() const { return by_tag_.size(); }
  std::size_t reports() const { return by_report_.size(); }
  template <class Visit>
  void each_conversation(Visit visit) const {  // visit(name, entry)
    by_tag_.each([&](Number slot) {
      visit(TagName{at(slot).conversation.name}, conversation_in(at(slot)));
    });
  }
  template <class Visit>
  void each_report(Visit visit) const {  // visit(name, entry)
    by_report_.each(
        [&](Number slot) { visit(ReportName{at(slot).report.name}, report_in(at(slot))); });
  }

  // A journal's positions begin here. Entries that are there already must be placed anew.
  void begin_at(std::uint64_t position) { first_ = position; }
  // Whether an entry may lie there: not after more turns in one day than have ever been.
  bool can_hold(std::uint64_t position) const {
    return position >= first_ && position - first_ < std::numeric_limits<std::uint32_t>::max();
  }
  // From now on it has this name; it goes with the entry.
  void name(const ConversationTag& tag, TagName name) { conversation_names_.add(tag, name); }
  void name(const ReportId& id, ReportName name) { report_names_.add(id, name); }
  void put(TagName name, const ConversationEntry& entry);
  void put(ReportName name, const ReportEntry& entry);
  void remove(TagName name);
  void remove(ReportName name);
  void put(const ConversationTag& tag, const ConversationEntry& entry) { put(name_of(tag), entry); }
  void put(const ReportId& id, const ReportEntry& entry) { put(name_of(id), entry); }
  void remove(const ConversationTag& tag) { remove(name_of(tag)); }
  void remove(const ReportId& id) { remove(name_of(id)); }
  void add_segment(Print segment) { segments_.insert(segment); }
  void remove_segment(Print segment) { segments_.erase(segment); }
  DeliveredIndex& delivered() { return delivered_; }

  // For a turnover (journal_turnover.h): where things are now. A report's place is its writer's
  // too.
  void place(ReportName name, std::uint64_t position);
  void place_alone(TagName name, std::uint64_t position);

 private:
  using Number = std::uint32_t;
  static constexpr Number kNobody = std::numeric_limits<Number>::max();
  using Word = Squeezed<std::uint32_t, 4>;
  struct Conversation {
    Squeezed<TagName, kNameBits / 8> name;  // 0: there is none
    Word place;
    Word counter;
  };
  struct Report {
    Squeezed<ReportName, kNameBits / 8> name;
    Word place;
    Word facts;  // journal_index.cpp
    Word last_segment;
    Word next_row;
  };
  struct Entry {  // both: the two belong together
    Conversation conversation;
    Report report;
    bool linked() const {
      return TagName{conversation.name} != TagName{} && ReportName{report.name} != ReportName{};
    }
  };
  static_assert(sizeof(Entry) == 36);

  // The few whose print was taken.
  template <class Id, class Name>
  class Names {
   public:
    Name of(const Id& id) const {
      const auto other = others_.find(id);
      return other == others_.end() ? plain(id) : other->second;
    }
    void add(const Id& id, Name name) { others_[id] = name; }
    void remove(Name name) {
      std::erase_if(others_, [&](const auto& one) { return one.second == name; });
    }

   private:
    static Name plain(const Id& id) {
      const std::uint64_t bits = print_of(id) >> (64 - kNameBits);
      return Name{bits == 0 ? 1 : bits};
    }
    std::map<Id, Name> others_;
  };

  std::uint32_t place_of(std::uint64_t position) const {
    return static_cast<std::uint32_t>(position - first_);
  }
  Entry& at(Number slot) { return entries_[slot - 1]; }
  const Entry& at(Number slot) const { return entries_[slot - 1]; }
  Number find(TagName name) const;  // the slot; 0: there is none
  Number find(ReportName name) const;
  ConversationEntry conversation_in(const Entry& entry) const;
  ReportEntry report_in(const Entry& entry) const;
  Number make();
  void leave(Number slot);
  template <class Part, class Slots>
  void move(Part Entry::* part, Slots& by, Number from, Number to);
  void part(Number slot);
  Number slot_for(TagName name, Number report);
  Number slot_for(ReportName name, Number writer);

  std::uint64_t first_ = 0;
  PagedVector<Entry> entries_;
  std::vector<Number> free_;     // slots
  OpenSlots<Number> by_tag_;     // numbers of entries, and one more
  OpenSlots<Number> by_report_;  // the same
  PrintSet segments_;            // of reports that are here
  Names<ConversationTag, TagName> conversation_names_;
  Names<ReportId, ReportName> report_names_;
  DeliveredIndex delivered_;
};

// What a transaction in progress would change: seen by its own later turns, and by nobody else
// until it is committed.
class IndexChanges {
 public:
  explicit IndexChanges(const JournalIndex& base) : base_(base) {}
  TagName name_of(const ConversationTag& tag) const { return name_in(conversation_names_, tag); }
  ReportName name_of(const ReportId& id) const { return name_in(report_names_, id); }
  std::optional<ConversationEntry> conversation(TagName name) const;
  std::optional<ReportEntry> report(ReportName name) const;
  std::optional<ConversationEntry> conversation(const ConversationTag& tag) const {
    return conversation(name_of(tag));
  }
  std::optional<ReportEntry> report(const ReportId& id) const { return report(name_of(id)); }
  bool seen(const DedupeTag& tag) const;
  bool has_segment(const Digest& segment) const;

  // The entry under its name is another's: it gets a name that nobody has.
  void name_anew(const ConversationTag& tag);
  void name_anew(const ReportId& id);
  void put(const ConversationTag& tag, const ConversationEntry& entry);
  void put(const ReportId& id, const ReportEntry& entry) { reports_[name_of(id)] = entry; }
  void remove(TagName name) { conversations_[name].reset(); }
  void remove(const ConversationTag& tag) { remove(name_of(tag)); }
  void remove(const ReportId& id) { reports_[name_of(id)].reset(); }
  void add_segment(Print segment) { segments_.insert(segment); }
  void remove_segment(Print segment) { gone_segments_.push_back(segment); }
  void deliver(const DedupeTag& tag, Day day) { delivered_[tag] = day; }

  const auto& conversations() const { return conversations_; }
  const auto& reports() const { return reports_; }
  const auto& delivered() const { return delivered_; }
  const JournalIndex& base() const { return base_; }

  void apply_to(JournalIndex& index) &&;

 private:
  template <class Names, class Id>
  typename Names::mapped_type name_in(const Names& names, const Id& id) const {
    const auto renamed = names.find(id);
    return renamed == names.end() ? base_.name_of(id) : renamed->second;
  }
  ConversationEntry linked(TagName name, ConversationEntry entry) const;
  const JournalIndex& base_;
  std::map<ConversationTag, TagName> conversation_names_;  // new ones
  std::map<ReportId, ReportName> report_names_;
  std::unordered_map<TagName, std::optional<ConversationEntry>> conversations_;
  std::unordered_map<ReportName, std::optional<ReportEntry>> reports_;
  std::unordered_map<DedupeTag, Day, FixedBytesHash> delivered_;
  std::unordered_set<Print> segments_;  // new ones
  std::vector<Print> gone_segments_;
};

}  // namespace resguardo::storage
