// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/html/rows.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace resguardo::analyst {
namespace {

constexpr std::uint8_t kMostCoarse = 5;
constexpr std::size_t kLongestDate = 40;

template <class Values>
std::vector<std::string> in_order(const Values& values) {
  std::set<std::string> ordered(values.begin(), values.end());
  ordered.erase("");
  return {ordered.begin(), ordered.end()};
}

bool tells_of_sexual_violence(const Incident& incident) {
  return std::any_of(incident.violations.begin(), incident.violations.end(), [](const auto& one) {
    return one.standing != CodeStanding::kRejected && one.code.starts_with("sexual");
  });
}

// Whom an actor belongs to: US-USBP is US-GOV.
std::string top_of(std::string code, const Codes& codes) {
  for (int steps = 0; steps < 10; ++steps) {
    const auto* actor = codes.actor(code);
    if (actor == nullptr || actor->parent().empty()) break;
    code = actor->parent();
  }
  return code;
}

std::string quarter_of(const std::string& month) {
  const int number = 10 * (month[5] - '0') + (month[6] - '0');  // of "2025-07"
  return month.substr(0, 4) + "-Q" + std::to_string((number + 2) / 3);
}

std::string month_of_quarter(const std::string& quarter, int month) {
  const int number = 3 * (quarter.back() - '0') - 3 + month;
  return quarter.substr(0, 5) + (number < 10 ? "0" : "") + std::to_string(number);
}

void to_quarter(PageRow& row) {
  if (row.from.empty()) return;
  const std::string first = quarter_of(row.from);
  if (first != quarter_of(row.until)) {
    row.when = row.from = row.until = "";
    return;
  }
  row.when = first;
  row.from = month_of_quarter(first, 1);
  row.until = month_of_quarter(first, 3);
}

PageRow at_month(PageRow row, const Codes& codes) {
  row.name = row.victims = "";
  if (row.from != row.until) row.from = row.until = "";
  row.when = row.from;
  row.place = row.area.empty() ? row.country : row.area;
  std::set<std::string> actors;
  for (const std::string& actor : row.actors) actors.insert(top_of(actor, codes));
  row.actors = in_order(actors);
  return row;
}

PageRow coarser(PageRow row, std::uint8_t step) {
  row.coarseness = step;
  if (step == 1) row.nationalities.clear();
  if (step == 2) row.us_link = "";
  if (step == 3) {
    to_quarter(row);
    row.area = "";
    row.place = row.country;
  }
  if (step == 4) row.actors.clear();
  if (step == 5) row.when = row.from = row.until = "";
  return row;
}

auto all_of(const PageRow& row) {
  return std::tie(row.coarseness, row.when, row.country, row.place, row.categories, row.actors,
                  row.nationalities, row.us_link, row.level);
}

struct Less {
  bool operator()(const PageRow& a, const PageRow& b) const { return all_of(a) < all_of(b); }
};

}  // namespace

PageRow page_row(const CodedReport& report, const Incident& incident, const Codes& codes) {
  const Where& where = incident.where;
  PageRow row;
  row.name = incident_name(report.id, incident.number);
  row.when = incident.when.edtf.substr(0, kLongestDate);
  if (incident.when.days) {
    row.from = to_string(incident.when.days->first).substr(0, 7);
    row.until = to_string(incident.when.days->last).substr(0, 7);
  }
  row.country = where.country;
  row.area = where.area;
  row.place = !where.place.empty() ? where.place : !where.area.empty() ? where.area : where.country;
  row.categories = incident.categories(codes);
  row.actors = in_order(incident.actors());
  std::set<std::string> nationalities;
  for (const Victim& victim : incident.victims) nationalities.insert(victim.nationality);
  row.nationalities = in_order(nationalities);
  row.us_link = incident.us_link;
  row.victims = incident.victim_band;
  row.level = incident.level;
  row.sexual_violence = tells_of_sexual_violence(incident);
  return row;
}

PageRows protected_rows(const std::vector<PageRow>& rows, const Codes& codes, std::uint64_t k) {
  PageRows result;
  std::map<PageRow, std::uint64_t, Less> left;
  for (const PageRow& row : rows) {
    if (row.sexual_violence)
      ++result.sexual_violence;
    else
      ++left[at_month(row, codes)];
  }
  for (std::uint8_t step = 0; step <= kMostCoarse && !left.empty(); ++step) {
    std::map<PageRow, std::uint64_t, Less> next;
    for (const auto& [row, count] : left) {
      if (count >= k)
        result.rows.insert(result.rows.end(), count, row);
      else if (step < kMostCoarse)
        next[coarser(row, static_cast<std::uint8_t>(step + 1))] += count;
      else
        result.too_few += count;
    }
    left = std::move(next);
  }
  // What is known first.
  std::sort(result.rows.begin(), result.rows.end(), [](const PageRow& a, const PageRow& b) {
    const bool no_time_a = a.when.empty(), no_time_b = b.when.empty();
    const bool nowhere_a = a.place.empty(), nowhere_b = b.place.empty();
    return std::tuple(no_time_a, nowhere_a, all_of(a)) <
           std::tuple(no_time_b, nowhere_b, all_of(b));
  });
  return result;
}

}  // namespace resguardo::analyst
