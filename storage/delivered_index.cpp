// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/delivered_index.h"

#include <algorithm>
#include <utility>

namespace resguardo::storage {
namespace {
constexpr std::size_t kSmallest = 16;
constexpr DedupeTag kFree{};
}  // namespace

std::size_t TagSet::slot_of(const DedupeTag& tag) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = FixedBytesHash()(tag) & mask;
  while (slots_[at] != kFree && slots_[at] != tag) at = (at + 1) & mask;
  return at;
}

bool TagSet::contains(const DedupeTag& tag) const {
  if (tag == kFree) return has_zero_;
  return !slots_.empty() && slots_[slot_of(tag)] == tag;
}

void TagSet::insert(const DedupeTag& tag) {
  if (tag == kFree) {
    has_zero_ = true;
    return;
  }
  if ((size_ + 1) * 4 > slots_.size() * 3) grow();
  DedupeTag& slot = slots_[slot_of(tag)];
  if (slot == tag) return;
  slot = tag;
  ++size_;
}

void TagSet::grow() {
  auto old = std::exchange(slots_, std::vector<DedupeTag>(std::max(kSmallest, slots_.size() * 2)));
  for (const DedupeTag& tag : old)
    if (tag != kFree) slots_[slot_of(tag)] = tag;
}

bool DeliveredIndex::contains(const DedupeTag& tag) const {
  return std::any_of(days_.begin(), days_.end(),
                     [&](const auto& day) { return day.second.contains(tag); });
}

void DeliveredIndex::insert(const DedupeTag& tag, Day day) {
  days_[day].insert(tag);
}

void DeliveredIndex::forget_before(Day day) {
  days_.erase(days_.begin(), days_.lower_bound(day));
}

std::size_t DeliveredIndex::size() const {
  std::size_t total = 0;
  for (const auto& [day, tags] : days_) total += tags.size();
  return total;
}

std::vector<std::pair<DedupeTag, Day>> DeliveredIndex::all() const {
  std::vector<std::pair<DedupeTag, Day>> result;
  result.reserve(size());
  for (const auto& [day, tags] : days_)
    tags.each([&](const DedupeTag& tag) { result.emplace_back(tag, day); });
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace resguardo::storage
