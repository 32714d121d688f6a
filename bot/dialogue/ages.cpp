// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/ages.h"

#include <algorithm>

namespace resguardo::dialogue {

std::string_view age_in(const Form::Content& form, std::span<const std::string_view> words) {
  std::string_view age;
  bool years = false;
  for (const auto word : words) {
    const auto figures = std::min(word.find_first_not_of("0123456789"), word.size());
    const auto rest = word.substr(figures);
    if (figures > 0 && !age.empty()) return {};
    if (figures > 0) age = word.substr(0, figures);
    if (rest.empty()) continue;
    const bool unit = form.years.contains(rest);
    years = years || unit;
    const bool noise = form.noise.contains(rest) || form.age_noise.contains(rest);
    if (!unit && (figures > 0 || !noise)) return {};
  }
  return years ? age : std::string_view();
}

}  // namespace resguardo::dialogue
