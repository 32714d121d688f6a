// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/html/row_values.h"

#include <algorithm>
#include <tuple>

namespace resguardo::analyst {

void RowValues::learn(const std::string& code, const std::string& label) {
  if (!code.empty()) labels_.emplace(code, label);
}

void RowValues::order() {
  for (const auto& [code, label] : labels_) values_.push_back({code, label});
  std::sort(values_.begin(), values_.end(), [](const Value& a, const Value& b) {
    return std::tie(a.label, a.code) < std::tie(b.label, b.code);
  });
  for (std::size_t i = 0; i < values_.size(); ++i) places_[values_[i].code] = static_cast<int>(i);
}

int RowValues::at(const std::string& code) const {
  const auto found = places_.find(code);
  return found == places_.end() ? -1 : found->second;
}

RowDimensions::RowDimensions(const PageRows& rows, const FigureParts& parts) {
  const Names& names = parts.names;
  for (const PageRow& row : rows.rows) {
    for (const std::string& code : row.categories) category.learn(code, names.category(code));
    for (std::string code : row.actors)
      for (int steps = 0; !code.empty() && steps < 10; ++steps) {
        actor.learn(code, names.actor(code));  // and whom they belong to
        const auto* known = parts.codes.actor(code);
        code = known == nullptr ? "" : known->parent();
      }
    for (const std::string& code : row.nationalities)
      nationality.learn(code, names.nationality(code));
    for (const std::string& code : {row.from, row.until}) month.learn(code, code);
    place.learn(row.place, names.place(row.place));
    us_link.learn(row.us_link, names.value("event.us_policy_link", row.us_link));
    victims.learn(row.victims, names.value("event.victim_count_band", row.victims));
    level.learn(row.level, names.row("verification", row.level));
  }
  for (RowValues* values :
       {&category, &place, &actor, &month, &nationality, &us_link, &victims, &level})
    values->order();
}

}  // namespace resguardo::analyst
