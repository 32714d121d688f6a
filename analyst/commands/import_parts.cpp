// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/import_parts.h"

#include <algorithm>
#include <boost/json.hpp>

namespace resguardo::analyst {
namespace {

bool is_whole(const Vault::Part& part) {
  return part.state == Vault::PartState::kWhole;
}

// Numbers from 1, as people count and files are named.
std::string range_text(const MissingParts& range) {
  const auto name = [](std::uint32_t number) { return std::to_string(std::uint64_t{number} + 1); };
  if (range.first == range.last) return name(range.first);
  return name(range.first) + " to " + name(range.last);
}

std::string short_name(const BundleParts& bundle) {
  constexpr std::size_t kShown = 8;
  return "bundle " + to_hex(bundle.bundle).substr(0, kShown);
}

}  // namespace

std::vector<MissingParts> missing_parts(const BundleParts& bundle) {
  std::vector<MissingParts> missing;
  std::uint64_t next = 0;  // every part below it was looked at
  for (const Vault::Part& part : bundle.parts) {
    const std::uint64_t until = is_whole(part) ? part.number : std::uint64_t{part.number} + 1;
    if (until > next) {
      const auto first = static_cast<std::uint32_t>(next);
      if (!missing.empty() && std::uint64_t{missing.back().last} + 1 == next)
        missing.back().last = static_cast<std::uint32_t>(until - 1);
      else
        missing.push_back({first, static_cast<std::uint32_t>(until - 1)});
    }
    next = std::uint64_t{part.number} + 1;
  }
  return missing;
}

bool last_is_known(const BundleParts& bundle) {
  return std::any_of(bundle.parts.begin(), bundle.parts.end(),
                     [](const Vault::Part& part) { return part.last; });
}

bool is_complete(const BundleParts& bundle) {
  return missing_parts(bundle).empty() && last_is_known(bundle);
}

std::string missing_text(const BundleParts& bundle) {
  const auto& parts = bundle.parts;
  if (parts.size() == 1 && parts[0].number == 0 && parts[0].state == Vault::PartState::kSalvaged)
    return "";  // its damage was told; nothing says that there are others
  const auto missing = missing_parts(bundle);
  std::string text;
  for (std::size_t i = 0; i < missing.size(); ++i)
    text += (i == 0 ? "" : i + 1 < missing.size() ? ", " : " and ") + range_text(missing[i]);
  if (!text.empty()) {
    const bool one = missing.size() == 1 && missing.front().first == missing.front().last;
    text = one ? "part " + text + " is missing" : "parts " + text + " are missing";
  }
  if (!last_is_known(bundle))
    text += std::string(text.empty() ? "" : "; ") + "the last part has not come";
  return text.empty() ? text : short_name(bundle) + ": " + text;
}

boost::json::object parts_json(const BundleParts& bundle) {
  boost::json::array parts;
  for (const Vault::Part& part : bundle.parts)
    if (is_whole(part)) parts.emplace_back(part.number);
  boost::json::array missing;
  for (const MissingParts& range : missing_parts(bundle))
    missing.push_back({{"first", range.first}, {"last", range.last}});
  return {{"bundle", to_hex(bundle.bundle)},
          {"complete", is_complete(bundle)},
          {"parts", std::move(parts)},
          {"missing", std::move(missing)},
          {"lastPartKnown", last_is_known(bundle)}};
}

}  // namespace resguardo::analyst
