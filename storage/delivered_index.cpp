// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/delivered_index.h"

#include <algorithm>

namespace resguardo::storage {

bool DeliveredIndex::contains(Print print) const {
  return std::any_of(days_.begin(), days_.end(),
                     [&](const auto& day) { return day.second.contains(print); });
}

void DeliveredIndex::settle() {
  for (auto& [day, prints] : days_) prints.settle();
}

std::optional<Day> DeliveredIndex::oldest() const {
  return days_.empty() ? std::nullopt : std::optional(days_.begin()->first);
}

std::size_t DeliveredIndex::size() const {
  std::size_t total = 0;
  for (const auto& [day, prints] : days_) total += prints.size();
  return total;
}

std::vector<std::pair<Print, Day>> DeliveredIndex::all() const {
  std::vector<std::pair<Print, Day>> result;
  result.reserve(size());
  for (const auto& [day, prints] : days_)
    prints.each([&, on = day](Print print) { result.emplace_back(print, on); });
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace resguardo::storage
