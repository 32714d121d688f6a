// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/incident/incident_filter.h"

#include <algorithm>
#include <array>

namespace resguardo::analyst {
namespace {

template <class List>
bool holds(const List& list, const std::string& wanted) {
  return wanted.empty() || std::find(list.begin(), list.end(), wanted) != list.end();
}

bool is_or_is_under(const std::string& code, const std::string& above) {
  return code == above || code.starts_with(above + ".");
}

std::string mirror_of(const std::string& place, const Codes& codes) {
  const pb::PlaceFacts* facts = codes.place(place);
  return facts == nullptr ? "" : facts->mirror();
}

bool place_fits(const std::string& wanted, const Where& where, const Codes& codes) {
  if (wanted.empty()) return true;
  const auto is = [&](const std::string& place) {
    return place == wanted || mirror_of(place, codes) == wanted ||
           mirror_of(wanted, codes) == place;
  };
  return where.country == wanted || where.area == wanted ||
         (!where.place.empty() && is(where.place));
}

bool actor_fits(const std::string& wanted, const Incident& incident, const Codes& codes) {
  return wanted.empty() ||
         std::any_of(incident.involvements.begin(), incident.involvements.end(),
                     [&](const auto& one) { return codes.is_or_is_below(one.actor, wanted); });
}

bool violation_fits(const std::string& wanted, const Incident& incident) {
  const auto standing = standing_codes(incident.violations);
  return wanted.empty() || std::any_of(standing.begin(), standing.end(), [&](const auto& code) {
           return is_or_is_under(code, wanted);
         });
}

bool policy_fits(const std::string& wanted, const Incident& incident) {
  return wanted.empty() ||
         std::any_of(incident.policies.begin(), incident.policies.end(), [&](const auto& policy) {
           return policy.code == wanted && policy.standing != CodeStanding::kRejected;
         });
}

bool nationality_fits(const std::string& wanted, const Incident& incident) {
  return wanted.empty() ||
         std::any_of(incident.victims.begin(), incident.victims.end(),
                     [&](const auto& victim) { return victim.nationality == wanted; });
}

bool is(const std::string& wanted, const std::string& value) {
  return wanted.empty() || wanted == value;
}

bool all_but_the_day(const IncidentFilter& filter, const CodedReport& report,
                     const Incident& incident, const Codes& codes) {
  return place_fits(filter.place, incident.where, codes) &&
         actor_fits(filter.actor, incident, codes) &&
         holds(incident.categories(codes), filter.category) &&
         violation_fits(filter.violation, incident) && policy_fits(filter.policy, incident) &&
         nationality_fits(filter.nationality, incident) && is(filter.us_link, incident.us_link) &&
         is(filter.level, incident.level) && holds(report.risks, filter.risk) &&
         holds(report.consent, filter.purpose) && is(filter.stream, report.stream) &&
         holds(report.tags, filter.tag);
}

template <class Rows>
bool has_code(const Rows& rows, const std::string& code) {
  return code.empty() ||
         std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return row.code() == code; });
}

bool has_violation(const pb::ResearchCodes& codes, const std::string& code) {
  const auto& rows = codes.violations();
  return code.empty() || std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
           return is_or_is_under(row.code(), code);
         });
}

// Countries and areas are not in the codes, but every place of a gazetteer says its own.
bool has_place(const FormShelf& forms, const std::string& code) {
  return code.empty() || std::any_of(forms.begin(), forms.end(), [&](const auto& form) {
           return form.second.knows_place(code);
         });
}

constexpr auto kFilterCodes =
    std::to_array<FilterCode>({{"place", &IncidentFilter::place},
                               {"actor", &IncidentFilter::actor},
                               {"category", &IncidentFilter::category},
                               {"violation", &IncidentFilter::violation},
                               {"policy", &IncidentFilter::policy},
                               {"nationality", &IncidentFilter::nationality},
                               {"usLink", &IncidentFilter::us_link},
                               {"level", &IncidentFilter::level},
                               {"risk", &IncidentFilter::risk},
                               {"purpose", &IncidentFilter::purpose},
                               {"stream", &IncidentFilter::stream},
                               {"tag", &IncidentFilter::tag}});

}  // namespace

std::span<const FilterCode> filter_codes() {
  return kFilterCodes;
}

bool IncidentFilter::asks() const {
  return *this != IncidentFilter{};
}

FilterMatch matches(const IncidentFilter& filter, const CodedReport& report,
                    const Incident& incident, const Codes& codes) {
  if (!all_but_the_day(filter, report, incident, codes)) return FilterMatch::kNotWanted;
  if (!filter.since && !filter.until) return FilterMatch::kWanted;
  if (!incident.when.days) return FilterMatch::kDayUnknown;
  return touches(*incident.when.days, filter.since, filter.until) ? FilterMatch::kWanted
                                                                  : FilterMatch::kNotWanted;
}

std::string unknown_code_in(const IncidentFilter& filter, const Codes& codes,
                            const FormShelf& forms) {
  const pb::ResearchCodes& all = codes.all();
  if (!has_place(forms, filter.place)) return "place";
  if (!has_code(all.actors(), filter.actor)) return "actor";
  if (!has_code(all.categories(), filter.category)) return "category";
  if (!has_violation(all, filter.violation)) return "violation";
  if (!has_code(all.policies(), filter.policy)) return "policy";
  if (!has_code(all.nationalities(), filter.nationality)) return "nationality";
  if (!filter.us_link.empty() && codes.mapped("us_policy_link", filter.us_link) == nullptr)
    return "us-link";
  if (!has_code(all.levels(), filter.level)) return "level";
  if (!has_code(all.flags(), filter.risk)) return "risk";
  if (!has_code(all.purposes(), filter.purpose)) return "purpose";
  if (!filter.stream.empty() && filter.stream != "bot" && filter.stream != "interview")
    return "stream";
  return "";
}

}  // namespace resguardo::analyst
