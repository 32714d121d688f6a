// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/incident/proposals.h"

#include <algorithm>

namespace resguardo::analyst {
namespace {

constexpr std::string_view kKinds = "perp_kind";          // questions that differ from others of
constexpr std::string_view kAllowedBy = "collusion_who";  // their field
constexpr std::string_view kUnknown = "unknown";

std::optional<Day> open_end(const std::string& day) {
  return day.empty() ? std::nullopt : parse_day(day);
}

bool has_phases(const pb::PolicyCode& policy, const Codes& codes) {
  const auto& all = codes.all().policies();
  return std::any_of(all.begin(), all.end(),
                     [&](const auto& other) { return other.group() == policy.code(); });
}

bool day_is_known(const When& when) {
  return when.days && when.days->last.number - when.days->first.number <= 31;
}

bool concerns_the_united_states(const Incident& incident) {
  return incident.where.country == "US" || incident.us_linked();
}

// A code of `map` in the scheme "actor", "policy" …; empty: none.
std::string in_scheme(const Codes& codes, std::string_view map, std::string_view code,
                      std::string_view scheme) {
  const pb::MappedCode* row = codes.mapped(map, code);
  if (row == nullptr) return "";
  for (const pb::SchemeCodes& one : row->schemes())
    if (one.scheme() == scheme && one.codes_size() > 0) return one.codes(0);
  return "";
}

const std::set<std::string>* codes_of(const AnsweredCodes& answers, std::string_view question) {
  const auto found = answers.find(question);
  return found == answers.end() ? nullptr : &found->second;
}

std::vector<std::string> actors_named(const ToldFields::Event& event, const Codes& codes) {
  std::vector<std::string> actors;
  const std::set<std::string>* allowed = codes_of(event.answers, kAllowedBy);
  const std::set<std::string>* kinds = codes_of(event.answers, kKinds);
  for (const std::string& code : values_of(event.fields, "involvement.actor")) {
    const bool kind = kinds != nullptr && kinds->contains(code);
    std::string actor = kind ? in_scheme(codes, "perpetrator_kind", code, "actor") : code;
    if (codes.actor(actor) == nullptr || (allowed != nullptr && allowed->contains(code) && !kind))
      continue;
    actors.push_back(std::move(actor));
  }
  return actors;
}

bool is_named_better(const std::string& actor, const std::vector<std::string>& all,
                     const Codes& codes) {
  return std::any_of(all.begin(), all.end(), [&](const std::string& other) {
    return other != actor && codes.is_or_is_below(other, actor);
  });
}

// How many, if the question was asked of that kind: groups go through the kinds in their order.
std::string count_of(const ToldFields::Event& event, const std::string& actor, const Codes& codes) {
  std::uint32_t number = 0;
  for (const std::string& code : values_of(event.fields, "involvement.actor")) {
    const std::string kind = in_scheme(codes, "perpetrator_kind", code, "actor");
    if (kind.empty() || code == kUnknown) continue;
    const auto group = event.groups.find(number++);
    if (group != event.groups.end() && codes.is_or_is_below(actor, kind))
      return only_value(group->second.fields, "involvement.count");
  }
  return "";
}

bool a_state_is_in_it(const std::vector<Involvement>& involvements, const Codes& codes) {
  return std::any_of(involvements.begin(), involvements.end(), [&](const Involvement& one) {
    const pb::ActorCode* actor = codes.actor(one.actor);
    return actor != nullptr && actor->sector() == "state";
  });
}

bool fits_state(const pb::ViolationCode& violation, bool state) {
  if (violation.state() == pb::STATE_ROLE_NEEDED) return state;
  return violation.state() != pb::STATE_ROLE_ABSENT || !state;
}

using Because = std::map<const pb::ViolationCode*, std::vector<std::string>>;

// "Something was taken" suggests robbery and extortion; that it was a robbery suggests the one, and
// the other is not meant. Reasons are in one order in all.
bool is_meant_less(const std::vector<std::string>& reasons, const Because& because) {
  return std::any_of(because.begin(), because.end(), [&](const auto& other) {
    return other.second.size() > reasons.size() &&
           std::includes(other.second.begin(), other.second.end(), reasons.begin(), reasons.end());
  });
}

}  // namespace

std::vector<CodedValue> proposed_violations(const AnsweredCodes& answers,
                                            const std::vector<Involvement>& involvements,
                                            const Codes& codes) {
  const bool state = a_state_is_in_it(involvements, codes);
  Because because;
  for (const auto& [question, given] : answers)
    for (const std::string& code : given)
      for (const pb::ViolationCode* violation : codes.proposed_by(question, code))
        if (fits_state(*violation, state)) because[violation].push_back(question + "=" + code);
  for (auto& [violation, reasons] : because) std::sort(reasons.begin(), reasons.end());
  std::vector<CodedValue> values;
  for (const pb::ViolationCode& violation : codes.all().violations()) {
    const auto found = because.find(&violation);
    if (found == because.end() || is_meant_less(found->second, because)) continue;
    values.push_back(
        {violation.code(),
         violation.by_person_only() ? CodeStanding::kToDecide : CodeStanding::kProposed,
         found->second});
  }
  return values;
}

std::vector<CodedValue> policies_of(const Incident& incident, const ToldFields::Event& event,
                                    const Codes& codes) {
  std::vector<CodedValue> values;
  for (const std::string& code : values_of(event.fields, "event.us_policy_reported"))
    if (std::string policy = in_scheme(codes, "us_policy_reported", code, "policy");
        !policy.empty())
      values.push_back({std::move(policy), CodeStanding::kReported, {}});
  if (!day_is_known(incident.when) || !concerns_the_united_states(incident)) return values;
  for (const pb::PolicyCode& policy : codes.all().policies()) {
    if (policy.start().empty() || has_phases(policy, codes)) continue;
    if (within(*incident.when.days, open_end(policy.start()), open_end(policy.end())))
      values.push_back({policy.code(), CodeStanding::kProposed, {"in force"}});
  }
  return values;
}

namespace {

// Of an authority that let others do it: what HURIDOCS calls the same. Of whoever did it nobody is
// asked the degree; that somebody gave orders (`command`) does not say who.
std::string degree_of(const std::string& acquiescence, const Codes& codes) {
  const std::string degree = in_scheme(codes, "acquiescence", acquiescence, "huridocs_mt18");
  for (const pb::CodeMap& map : codes.all().maps())
    if (map.id() == "involvement" && !degree.empty())
      for (const pb::MappedCode& row : map.rows())
        if (in_scheme(codes, "involvement", row.code(), "huridocs_mt18") == degree)
          return row.code();
  return "";
}

}  // namespace

std::vector<Involvement> involvements_of(const ToldFields::Event& event, const Codes& codes) {
  std::vector<Involvement> involvements;
  const auto actors = actors_named(event, codes);
  for (const std::string& actor : actors)
    if (!is_named_better(actor, actors, codes))
      involvements.push_back({actor, "", count_of(event, actor, codes), ""});
  const std::string acquiescence = only_value(event.fields, "involvement.state_acquiescence");
  if (codes.mapped("acquiescence", acquiescence) == nullptr) return involvements;
  const std::string degree = degree_of(acquiescence, codes);
  if (const auto* allowed = codes_of(event.answers, kAllowedBy))
    for (const std::string& actor : *allowed)
      if (codes.actor(actor) != nullptr) involvements.push_back({actor, degree, "", acquiescence});
  return involvements;
}

}  // namespace resguardo::analyst
