// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/release.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace resguardo::analyst {
namespace {

struct Region {
  std::string_view code;  // of the United Nations' M49
  std::string_view nationalities;
};
constexpr auto kRegions = std::to_array<Region>({
    {"013", "BZ CR GT HN MX NI PA SV"},
    {"029", "CU DO HT JM"},
    {"005", "AR BO BR CL CO EC PE PY UY VE"},
    {"021", "US"},
    {"002", "AO BF CD CG CI CM EG ER ET GH GN ML MR NG SD SL SN SO TG"},
    {"142", "AF AM BD CN GE IN IQ IR KG KZ LK NP PK SY TJ TR UZ VN YE"},
    {"150", "RU UA"},
});

std::string region_of(const std::string& nationality) {
  for (const Region& region : kRegions)
    if (nationality.size() == 2 && region.nationalities.find(nationality) != std::string_view::npos)
      return std::string(region.code);
  return "";
}

// As far as a month, or a year; else nothing.
void to_month(When& when) {
  const auto days = when.days;
  when = {};
  if (!days) return;
  const std::string first = to_string(days->first), last = to_string(days->last);
  if (first.substr(0, 4) != last.substr(0, 4)) return;
  const bool month = first.substr(0, 7) == last.substr(0, 7);
  when.edtf = first.substr(0, month ? 7 : 4);
  when.precision = month ? "month" : "year";
  when.days = days_of_edtf(when.edtf);
}

void to_quarter(When& when) {
  if (when.precision != "month") return;
  const int month = 10 * (when.edtf[5] - '0') + (when.edtf[6] - '0');
  const int first = (month - 1) / 3 * 3 + 1;
  const auto text = [&](int number) {
    return when.edtf.substr(0, 5) + (number < 10 ? "0" : "") + std::to_string(number);
  };
  const std::string quarter = text(first) + "/" + text(first + 2);
  when.edtf = quarter;
  when.precision = "quarter";
  when.days = std::nullopt;
}

// One code for each category: what is made of it says no more than the category.
std::vector<CodedValue> only_categories(const Incident& incident, const Codes& codes) {
  const auto categories = incident.categories(codes);
  std::vector<CodedValue> values;
  std::set<std::string> done;
  for (const pb::ViolationCode& code : codes.all().violations())
    if (std::ranges::find(categories, code.category()) != categories.end() &&
        !code.code().starts_with("sexual") && done.insert(code.category()).second)
      values.push_back({code.code(), CodeStanding::kConfirmed, {}});
  return values;
}

// Victims without an order, those that are alike once.
std::vector<Victim> only_traits(const std::vector<Victim>& victims) {
  std::set<std::array<std::string, 3>> traits;
  for (const Victim& victim : victims) {
    const bool common = victim.gender == "woman" || victim.gender == "man";
    traits.insert({victim.nationality, common ? victim.gender : "", victim.age_band});
  }
  std::vector<Victim> seen;
  for (const auto& [nationality, gender, age] : traits) {
    Victim victim;
    victim.label = std::to_string(seen.size() + 1);
    victim.nationality = nationality;
    victim.gender = gender;
    victim.age_band = age;
    seen.push_back(std::move(victim));
  }
  return seen;
}

Incident public_incident(const Incident& incident, const Codes& codes) {
  Incident seen;
  seen.when = incident.when;
  to_month(seen.when);
  seen.where.country = incident.where.country;
  seen.where.area = incident.where.area;
  if (!seen.where.country.empty())
    seen.where.precision = seen.where.area.empty() ? "country" : "adm1";
  seen.violations = only_categories(incident, codes);
  seen.victims = only_traits(incident.victims);
  seen.us_link = incident.us_link;
  seen.level = "";
  return seen;
}

using Change = void (*)(Incident&);
template <class Of>
void for_victims(Incident& incident, Of of) {
  for (Victim& victim : incident.victims) of(victim);
  incident.victims = only_traits(incident.victims);
}
constexpr auto kSteps = std::to_array<Change>({
    [](Incident& one) {
      for_victims(one, [](Victim& victim) { victim.nationality = region_of(victim.nationality); });
    },
    [](Incident& one) { for_victims(one, [](Victim& victim) { victim.nationality = ""; }); },
    [](Incident& one) { for_victims(one, [](Victim& victim) { victim.age_band = ""; }); },
    [](Incident& one) { one.us_link = ""; },
    [](Incident& one) { to_quarter(one.when); },
    [](Incident& one) { for_victims(one, [](Victim& victim) { victim.gender = ""; }); },
    [](Incident& one) {
      one.where.area = "";
      one.where.precision = one.where.country.empty() ? "" : "country";
    },
    [](Incident& one) { one.when = {}; },
});

}  // namespace

std::string public_key(const CodedReport& row, const Codes& codes) {
  const Table& flat = export_table("incidents_flat");
  std::string key;
  for (const TableColumn& column : flat.columns) {
    if (!is_written(flat, column, Profile::kPublic) || column.code == "incident_id") continue;
    const std::string cell =
        cell_of(column, {.report = &row, .codes = &codes, .incident = &row.incidents.front()});
    key.append(std::to_string(cell.size())).append(":").append(cell);
  }
  return key;
}

std::string public_key_of(const Incident& incident, const Codes& codes) {
  CodedReport row;
  row.incidents.push_back(public_incident(incident, codes));
  return public_key(row, codes);
}

void PublicRelease::add(const CodedReport& report) {
  for (const Incident& incident : report.incidents) {
    ++result_.before;
    if (tells_of_sexual_violence(incident)) {
      ++result_.sexual_violence;
      continue;
    }
    CodedReport row;
    row.id = names_.of(report.id, incident.number);
    row.incidents.push_back(public_incident(incident, codes_));
    waiting_.push_back(std::move(row));
  }
}

PublicRows PublicRelease::rows(std::uint64_t k) && {
  for (std::size_t step = 0; !waiting_.empty(); ++step) {
    std::map<std::string, std::vector<CodedReport>> alike;
    for (CodedReport& row : waiting_) alike[public_key(row, codes_)].push_back(std::move(row));
    waiting_.clear();
    for (auto& [key, rows] : alike)
      for (CodedReport& row : rows) {
        if (rows.size() >= k) {
          result_.rows.push_back(std::move(row));
        } else if (step < kSteps.size()) {
          kSteps.at(step)(row.incidents.front());
          waiting_.push_back(std::move(row));
        } else {
          ++result_.too_few;
        }
      }
  }
  std::ranges::sort(result_.rows, {}, &CodedReport::id);
  return std::move(result_);
}

}  // namespace resguardo::analyst
