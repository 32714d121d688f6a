// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/duplicates/blocking.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>
#include <unordered_set>
#include <utility>

namespace resguardo::analyst {
namespace {

constexpr std::size_t kStoryKeys = 4;

// The first and last number of a band.
std::pair<long, long> range_of(const std::string& band) {
  const auto digits = band.find_first_of("0123456789");
  if (digits == std::string::npos) return {0, std::numeric_limits<long>::max()};
  char* end = nullptr;
  const long first = std::strtol(band.c_str() + digits, &end, 10);
  if (digits > 0) return {first, std::numeric_limits<long>::max()};  // "over_100"
  const bool to = *end == '_' && end[1] >= '0' && end[1] <= '9';
  return {first, to ? std::strtol(end + 1, nullptr, 10) : first};
}

int slack(const IncidentTraits& a, const IncidentTraits& b) {
  return a.to_the_day && b.to_the_day ? kDaysApart : kMonthsApart;
}

bool days_fit(const IncidentTraits& a, const IncidentTraits& b) {
  const int apart = slack(a, b);
  return a.days->first.number <= b.days->last.number + apart &&
         b.days->first.number <= a.days->last.number + apart;
}

class Pairs {
 public:
  Pairs(std::span<const IncidentTraits> all, std::size_t most, const PairVisitor& visit)
      : all_(all), most_(most), visit_(visit) {}

  bool offer(std::size_t a, std::size_t b) {
    if (a == b || all_[a].key.report == all_[b].key.report) return true;
    const auto pair = std::minmax(a, b);
    const std::uint64_t name = (std::uint64_t{pair.first} << 32U) | pair.second;
    if (!seen_.insert(name).second) return true;
    if (seen_.size() > most_) return false;
    visit_(pair.first, pair.second);
    return true;
  }

  // Of one block, in order of their first days.
  bool block(std::vector<std::size_t>& members) {
    std::ranges::sort(members, [&](std::size_t a, std::size_t b) {
      return std::tie(all_[a].days->first, a) < std::tie(all_[b].days->first, b);
    });
    for (std::size_t i = 0; i < members.size(); ++i)
      for (std::size_t j = i + 1; j < members.size(); ++j) {
        const IncidentTraits& a = all_[members[i]];
        const IncidentTraits& b = all_[members[j]];
        if (b.days->first.number > a.days->last.number + kMonthsApart) break;
        if (!days_fit(a, b) || !victims_fit(a.victim_band, b.victim_band)) continue;
        if (!offer(members[i], members[j])) return false;
      }
    return true;
  }

  bool all_of(const std::vector<std::size_t>& members) {
    if (members.size() > kTooCommon) return true;
    for (std::size_t i = 0; i < members.size(); ++i)
      for (std::size_t j = i + 1; j < members.size(); ++j)
        if (!offer(members[i], members[j])) return false;
    return true;
  }

 private:
  std::span<const IncidentTraits> all_;
  std::size_t most_;
  const PairVisitor& visit_;
  std::unordered_set<std::uint64_t> seen_;
};

}  // namespace

bool victims_fit(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) return true;
  const auto [a_first, a_last] = range_of(a);
  const auto [b_first, b_last] = range_of(b);
  // One account of a few may leave out the other's; bands that touch are next to each other.
  const auto next = [](long last) {
    return last == std::numeric_limits<long>::max() ? last : last + 1;
  };
  return a_first <= next(b_last) && b_first <= next(a_last);
}

bool candidate_pairs(std::span<const IncidentTraits> incidents, std::size_t most,
                     const PairVisitor& visit) {
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> blocks;
  std::map<Digest, std::vector<std::size_t>> by_file;
  std::map<std::uint64_t, std::vector<std::size_t>> by_story;
  for (std::size_t at = 0; at < incidents.size(); ++at) {
    const IncidentTraits& one = incidents[at];
    if (one.days && !one.border_pair.empty())
      for (const std::string& category : one.categories)
        blocks[{category, one.border_pair}].push_back(at);
    for (const Digest& file : one.files) by_file[file].push_back(at);
    for (std::size_t i = 0; i < std::min(kStoryKeys, one.story.size()); ++i)
      by_story[one.story[i]].push_back(at);
  }
  Pairs pairs(incidents, most, visit);
  for (auto& [name, members] : blocks)
    if (!pairs.block(members)) return false;
  for (const auto& [name, members] : by_file)
    if (!pairs.all_of(members)) return false;
  for (const auto& [name, members] : by_story)
    if (!pairs.all_of(members)) return false;
  return true;
}

}  // namespace resguardo::analyst
