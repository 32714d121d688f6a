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

ConversationEntry JournalIndex::entry_of(const Conversation& conversation) const {
  ConversationEntry entry{first_ + conversation.place, conversation.counter, std::nullopt};
  if (conversation.report != kNobody) entry.report = reports_[conversation.report].id;
  return entry;
}

ReportEntry JournalIndex::entry_of(const Report& report) const {
  ReportEntry entry;
  entry.position = first_ + report.place;
  entry.last_turn.number = static_cast<std::int32_t>(report.facts >> kDayShift);
  entry.keep_partial = (report.facts & kKeepPartialBit) != 0;
  entry.closing = (report.facts & kClosingBit) != 0;
  if (report.writer != kNobody) entry.writer = conversations_[report.writer].id;
  entry.begun = FirstWeek::unpacked(report.facts & kWeekMask);
  entry.last = report.last;
  return entry;
}

std::optional<ConversationEntry> JournalIndex::conversation(const ConversationTag& tag) const {
  const Number number = conversations_.find(tag);
  if (number == kNobody) return std::nullopt;
  return entry_of(conversations_[number]);
}

std::optional<ReportEntry> JournalIndex::report(const ReportId& id) const {
  const Number number = reports_.find(id);
  if (number == kNobody) return std::nullopt;
  return entry_of(reports_[number]);
}

void JournalIndex::link(Number conversation, Number report) {
  unlink(conversations_[conversation]);
  unlink(reports_[report]);
  conversations_[conversation].report = report;
  reports_[report].writer = conversation;
}

void JournalIndex::unlink(Conversation& conversation) {
  if (conversation.report != kNobody) reports_[conversation.report].writer = kNobody;
  conversation.report = kNobody;
}

void JournalIndex::unlink(Report& report) {
  if (report.writer != kNobody) conversations_[report.writer].report = kNobody;
  report.writer = kNobody;
}

void JournalIndex::put(const ConversationTag& tag, const ConversationEntry& entry) {
  const Number number = conversations_.add(tag);
  Conversation& conversation = conversations_[number];
  conversation.place = place_of(entry.position);
  conversation.counter = static_cast<std::uint32_t>(entry.counter);
  const Number report = entry.report ? reports_.find(*entry.report) : kNobody;
  if (report == kNobody) {
    unlink(conversation);
  } else {
    link(number, report);
  }
}

void JournalIndex::put(const ReportId& id, const ReportEntry& entry) {
  const Number number = reports_.add(id);
  Report& report = reports_[number];
  report.place = place_of(entry.position);
  report.facts = packed_facts(entry);
  report.last = entry.last;
  const bool open = entry.writer && !entry.closing;
  const Number writer = open ? conversations_.find(*entry.writer) : kNobody;
  if (writer == kNobody) {
    unlink(report);
  } else {
    link(writer, number);
  }
}

void JournalIndex::remove(const ConversationTag& tag) {
  const Number number = conversations_.find(tag);
  if (number == kNobody) return;
  unlink(conversations_[number]);
  conversations_.erase(number);
}

void JournalIndex::remove(const ReportId& id) {
  const Number number = reports_.find(id);
  if (number == kNobody) return;
  unlink(reports_[number]);
  reports_.erase(number);
}

void JournalIndex::place(const ReportId& id, std::uint64_t position) {
  const Number number = reports_.find(id);
  if (number == kNobody) return;
  Report& report = reports_[number];
  report.place = place_of(position);
  if (report.writer != kNobody) conversations_[report.writer].place = report.place;
}

void JournalIndex::place_alone(const ConversationTag& tag, std::uint64_t position) {
  const Number number = conversations_.find(tag);
  if (number == kNobody) return;
  Conversation& conversation = conversations_[number];
  conversation.place = place_of(position);
  unlink(conversation);
}

std::optional<ConversationEntry> IndexChanges::conversation(const ConversationTag& tag) const {
  const auto* changed = changed_value(conversations_, tag);
  return changed != nullptr ? *changed : base_.conversation(tag);
}

std::optional<ReportEntry> IndexChanges::report(const ReportId& id) const {
  const auto* changed = changed_value(reports_, id);
  return changed != nullptr ? *changed : base_.report(id);
}

bool IndexChanges::seen(const DedupeTag& tag) const {
  return delivered_.contains(tag) || base_.delivered().contains(print_of(tag));
}

bool IndexChanges::has_segment(const Digest& segment) const {
  return segments_.contains(print_of(segment)) || base_.has_segment(segment);
}

void IndexChanges::put(const ConversationTag& tag, const ConversationEntry& entry) {
  conversations_[tag] = entry;
}

// Without the report, if another conversation has written to that one since.
ConversationEntry IndexChanges::linked(const ConversationTag& tag, ConversationEntry entry) const {
  if (!entry.report) return entry;
  const auto at = report(*entry.report);
  if (!at || at->closing || at->writer != tag) entry.report.reset();
  return entry;
}

void IndexChanges::apply_to(JournalIndex& index) && {
  for (const auto& [id, entry] : reports_) {
    if (entry.has_value()) {
      index.put(id, *entry);
    } else {
      index.remove(id);
    }
  }
  for (const auto& [tag, entry] : conversations_) {
    if (entry.has_value()) {
      index.put(tag, linked(tag, *entry));
    } else {
      index.remove(tag);
    }
  }
  for (const Print segment : gone_segments_) index.remove_segment(segment);
  for (const Print segment : segments_) index.add_segment(segment);
  for (const auto& [tag, day] : delivered_) index.delivered().insert(print_of(tag), day);
}

}  // namespace resguardo::storage
