// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/journal_index.h"

namespace resguardo::storage {
namespace {

template <class Map, class Key>
auto* find_in(Map& map, const Key& key) {
  const auto at = map.find(key);
  return at == map.end() ? nullptr : &at->second;
}

template <class Entry>
const Entry* present(const std::optional<Entry>& entry) {
  return entry.has_value() ? &*entry : nullptr;
}

}  // namespace

const ConversationEntry* JournalIndex::conversation(const ConversationTag& tag) const {
  return find_in(conversations_, tag);
}

const ReportEntry* JournalIndex::report(const ReportId& id) const {
  return find_in(reports_, id);
}

void JournalIndex::put(const ConversationTag& tag, const ConversationEntry& entry) {
  conversations_.insert_or_assign(tag, entry);
}

const ConversationEntry* JournalIndex::writer(const ReportId& id, const ReportEntry& entry) const {
  if (entry.closing || !entry.writer) return nullptr;
  const ConversationEntry* conversation = this->conversation(*entry.writer);
  return conversation != nullptr && conversation->report == id ? conversation : nullptr;
}

void JournalIndex::place(const ReportId& id, std::uint64_t position) {
  ReportEntry* entry = find_in(reports_, id);
  if (entry == nullptr) return;
  entry->position = position;
  if (writer(id, *entry) == nullptr) {
    entry->writer.reset();
  } else {
    conversations_.at(*entry->writer).position = position;
  }
}

void JournalIndex::place_alone(const ConversationTag& tag, std::uint64_t position) {
  ConversationEntry* entry = find_in(conversations_, tag);
  if (entry == nullptr) return;
  entry->position = position;
  entry->report.reset();
}

const ConversationEntry* IndexChanges::conversation(const ConversationTag& tag) const {
  const auto* changed = find_in(conversations_, tag);
  return changed != nullptr ? present(*changed) : base_.conversation(tag);
}

const ReportEntry* IndexChanges::report(const ReportId& id) const {
  const auto* changed = find_in(reports_, id);
  return changed != nullptr ? present(*changed) : base_.report(id);
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

void IndexChanges::apply_to(JournalIndex& index) && {
  for (auto& [tag, entry] : conversations_) {
    if (entry.has_value()) {
      index.put(tag, *entry);
    } else {
      index.remove(tag);
    }
  }
  for (auto& [id, entry] : reports_) {
    if (entry.has_value()) {
      index.put(id, *entry);
    } else {
      index.remove(id);
    }
  }
  for (const Print segment : gone_segments_) index.remove_segment(segment);
  for (const Print segment : segments_) index.add_segment(segment);
  for (const auto& [tag, day] : delivered_) index.delivered().insert(print_of(tag), day);
}

}  // namespace resguardo::storage
