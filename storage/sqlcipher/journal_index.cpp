// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/journal_index.h"

namespace resguardo::storage {
namespace {

constexpr std::uint32_t kNotBegun = 0;
constexpr std::uint32_t kWeekUnknown = 1;
constexpr std::uint32_t kFirstKnown = 2;
constexpr unsigned kWeekBits = 13;
constexpr std::uint32_t kWeekMask = (1U << kWeekBits) - 1;
constexpr std::uint32_t kKeepPartialBit = 1U << kWeekBits;
constexpr std::uint32_t kClosingBit = 2U << kWeekBits;
constexpr unsigned kDayShift = kWeekBits + 2;
constexpr std::int32_t kLastDay = (1 << (32 - kDayShift)) - 1;  // in the year 2328

// What a report's entry says beside where it is: week(13) keep_partial(1) closing(1) day(17).
std::uint32_t packed_facts(const ReportEntry& entry) {
  const std::int32_t day = std::clamp(entry.last_turn.number, 0, kLastDay);
  return entry.begun.packed() | (entry.keep_partial ? kKeepPartialBit : 0U) |
         (entry.closing ? kClosingBit : 0U) | static_cast<std::uint32_t>(day) << kDayShift;
}

template <class Name>
std::uint64_t hash_of(Name name) {
  return static_cast<std::uint64_t>(name);
}
template <class Name, std::size_t kBytes>
std::uint64_t hash_of(const Squeezed<Name, kBytes>& name) {
  return static_cast<std::uint64_t>(Name{name});
}

template <class Changed>
auto changed_value(const Changed& map, const auto& key) {
  const auto at = map.find(key);
  return at == map.end() ? nullptr : &at->second;
}

}  // namespace

std::uint32_t FirstWeek::packed() const {
  if (!begun_) return kNotBegun;
  if (!week_ || *week_ < 0) return kWeekUnknown;
  const auto week = static_cast<std::uint32_t>(*week_) + kFirstKnown;
  return week > kWeekMask ? kWeekUnknown : week;
}

FirstWeek FirstWeek::unpacked(std::uint32_t packed) {
  FirstWeek week;
  week.begun_ = packed != kNotBegun;
  if (packed >= kFirstKnown) week.week_ = static_cast<std::int32_t>(packed - kFirstKnown);
  return week;
}

JournalIndex::Number JournalIndex::find(TagName name) const {
  return by_tag_.find(hash_of(name),
                      [&](Number slot) { return TagName{at(slot).conversation.name} == name; });
}

JournalIndex::Number JournalIndex::find(ReportName name) const {
  return by_report_.find(hash_of(name),
                         [&](Number slot) { return ReportName{at(slot).report.name} == name; });
}

ConversationEntry JournalIndex::conversation_in(const Entry& entry) const {
  const Conversation& one = entry.conversation;
  ConversationEntry told{first_ + one.place, std::uint32_t{one.counter}, std::nullopt};
  if (entry.linked()) told.report = ReportName{entry.report.name};
  return told;
}

ReportEntry JournalIndex::report_in(const Entry& entry) const {
  const Report& one = entry.report;
  const std::uint32_t facts = one.facts;
  ReportEntry told;
  told.position = first_ + one.place;
  told.last_turn.number = static_cast<std::int32_t>(facts >> kDayShift);
  told.keep_partial = (facts & kKeepPartialBit) != 0;
  told.closing = (facts & kClosingBit) != 0;
  if (entry.linked()) told.writer = TagName{entry.conversation.name};
  told.begun = FirstWeek::unpacked(facts & kWeekMask);
  told.last = {one.last_segment, one.next_row};
  return told;
}

std::optional<ConversationEntry> JournalIndex::conversation(TagName name) const {
  const Number slot = find(name);
  return slot == 0 ? std::nullopt : std::optional(conversation_in(at(slot)));
}

std::optional<ReportEntry> JournalIndex::report(ReportName name) const {
  const Number slot = find(name);
  return slot == 0 ? std::nullopt : std::optional(report_in(at(slot)));
}

JournalIndex::Number JournalIndex::make() {
  if (free_.empty()) {
    entries_.emplace_back();
    return static_cast<Number>(entries_.size());
  }
  const Number slot = free_.back();
  free_.pop_back();
  return slot;
}

// Half of it has gone.
void JournalIndex::leave(Number slot) {
  const Entry& entry = at(slot);
  const bool empty = TagName{entry.conversation.name} == TagName{} &&
                     ReportName{entry.report.name} == ReportName{};
  if (empty) free_.push_back(slot);
}

// One half of an entry into another that has none.
template <class Part, class Slots>
void JournalIndex::move(Part Entry::* part, Slots& by, Number from, Number to) {
  const auto hash = [&](Number slot) { return hash_of((at(slot).*part).name); };
  by.erase(from, hash);
  at(to).*part = std::exchange(at(from).*part, Part{});
  by.insert(to, hash);
  leave(from);
}

// The report stays where it is.
void JournalIndex::part(Number slot) {
  if (at(slot).linked()) move(&Entry::conversation, by_tag_, slot, make());
}

// Where the conversation is to be: with that report, or alone (0).
JournalIndex::Number JournalIndex::slot_for(TagName name, Number report) {
  Number slot = find(name);
  if (slot != 0 && slot == report) return slot;
  if (report != 0) part(report);
  if (slot != 0 && report == 0) {
    part(slot);
    return find(name);
  }
  if (slot != 0) {
    move(&Entry::conversation, by_tag_, slot, report);
    return report;
  }
  slot = report != 0 ? report : make();
  at(slot).conversation.name = name;
  by_tag_.insert(slot, [this](Number one) { return hash_of(at(one).conversation.name); });
  return slot;
}

// Where the report is to be: with that conversation, or alone (0).
JournalIndex::Number JournalIndex::slot_for(ReportName name, Number writer) {
  Number slot = find(name);
  if (slot != 0 && slot == writer) return slot;
  if (writer != 0 && at(writer).linked()) move(&Entry::report, by_report_, writer, make());
  if (slot != 0 && writer == 0) {
    part(slot);
    return slot;
  }
  if (slot != 0) {
    move(&Entry::report, by_report_, slot, writer);
    return writer;
  }
  slot = writer != 0 ? writer : make();
  at(slot).report.name = name;
  by_report_.insert(slot, [this](Number one) { return hash_of(at(one).report.name); });
  return slot;
}

void JournalIndex::put(TagName name, const ConversationEntry& entry) {
  const Number slot = slot_for(name, entry.report ? find(*entry.report) : 0);
  Conversation& conversation = at(slot).conversation;
  conversation.place = place_of(entry.position);
  conversation.counter = static_cast<std::uint32_t>(entry.counter);
}

void JournalIndex::put(ReportName name, const ReportEntry& entry) {
  const bool open = entry.writer && !entry.closing;
  Report& report = at(slot_for(name, open ? find(*entry.writer) : 0)).report;
  report.place = place_of(entry.position);
  report.facts = packed_facts(entry);
  report.last_segment = entry.last.segment;
  report.next_row = entry.last.next;
}

void JournalIndex::remove(TagName name) {
  const Number slot = find(name);
  if (slot == 0) return;
  by_tag_.erase(slot, [this](Number one) { return hash_of(at(one).conversation.name); });
  at(slot).conversation = {};
  conversation_names_.remove(name);
  leave(slot);
}

void JournalIndex::remove(ReportName name) {
  const Number slot = find(name);
  if (slot == 0) return;
  by_report_.erase(slot, [this](Number one) { return hash_of(at(one).report.name); });
  at(slot).report = {};
  report_names_.remove(name);
  leave(slot);
}

void JournalIndex::place(ReportName name, std::uint64_t position) {
  const Number slot = find(name);
  if (slot == 0) return;
  at(slot).report.place = place_of(position);
  if (at(slot).linked()) at(slot).conversation.place = place_of(position);
}

void JournalIndex::place_alone(TagName name, std::uint64_t position) {
  if (find(name) == 0) return;
  at(slot_for(name, 0)).conversation.place = place_of(position);
}

std::optional<ConversationEntry> IndexChanges::conversation(TagName name) const {
  const auto* changed = changed_value(conversations_, name);
  return changed != nullptr ? *changed : base_.conversation(name);
}

std::optional<ReportEntry> IndexChanges::report(ReportName name) const {
  const auto* changed = changed_value(reports_, name);
  return changed != nullptr ? *changed : base_.report(name);
}

bool IndexChanges::seen(const DedupeTag& tag) const {
  return delivered_.contains(tag) || base_.delivered().contains(print_of(tag));
}

bool IndexChanges::has_segment(const Digest& segment) const {
  return segments_.contains(print_of(segment)) || base_.has_segment(segment);
}

void IndexChanges::put(const ConversationTag& tag, const ConversationEntry& entry) {
  conversations_[name_of(tag)] = entry;
}

void IndexChanges::name_anew(const ConversationTag& tag) {
  conversation_names_[tag] = another_name(name_of(tag), [this](TagName name) {
    return conversations_.contains(name) || base_.has(name);
  });
}

void IndexChanges::name_anew(const ReportId& id) {
  report_names_[id] = another_name(
      name_of(id), [this](ReportName name) { return reports_.contains(name) || base_.has(name); });
}

// Without the report, if another conversation has written to that one since.
ConversationEntry IndexChanges::linked(TagName name, ConversationEntry entry) const {
  if (!entry.report) return entry;
  const auto at = report(*entry.report);
  if (!at || at->closing || at->writer != name) entry.report.reset();
  return entry;
}

void IndexChanges::apply_to(JournalIndex& index) && {
  for (const auto& [name, entry] : reports_) {
    if (entry.has_value()) {
      index.put(name, *entry);
    } else {
      index.remove(name);
    }
  }
  for (const auto& [name, entry] : conversations_) {
    if (entry.has_value()) {
      index.put(name, linked(name, *entry));
    } else {
      index.remove(name);
    }
  }
  for (const auto& [tag, name] : conversation_names_)
    if (index.has(name)) index.name(tag, name);
  for (const auto& [id, name] : report_names_)
    if (index.has(name)) index.name(id, name);
  for (const Print segment : gone_segments_) index.remove_segment(segment);
  for (const Print segment : segments_) index.add_segment(segment);
  for (const auto& [tag, day] : delivered_) index.delivered().insert(print_of(tag), day);
}

}  // namespace resguardo::storage
