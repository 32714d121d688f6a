// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/resources.h"

#include <algorithm>

#include "bot/dialogue/fold.h"

namespace resguardo::dialogue {

std::string_view Resources::text(std::string_view need, std::span<const std::string_view> around,
                                 std::size_t language) const {
  const auto found = all_.find(need);
  if (found == all_.end()) return {};
  const auto& advice = found->second;
  for (const std::string_view code : around) {
    const auto near = std::find_if(advice.begin(), advice.end(), [&](const Advice& each) {
      return std::find(each.places.begin(), each.places.end(), code) != each.places.end();
    });
    if (near != advice.end()) return near->texts[language];
  }
  const auto everywhere = std::find_if(advice.begin(), advice.end(),
                                       [](const Advice& each) { return each.places.empty(); });
  return everywhere == advice.end() ? std::string_view() : everywhere->texts[language];
}

std::size_t Resources::longest(std::string_view need, std::size_t language) const {
  const auto found = all_.find(need);
  if (found == all_.end()) return 0;
  std::size_t most = 0;
  for (const Advice& each : found->second)
    most = std::max(most, visible_length(each.texts[language]));
  return most;
}

}  // namespace resguardo::dialogue
