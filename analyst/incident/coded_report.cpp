// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <array>

#include "analyst/incident/decisions.h"
#include "analyst/incident/incident.h"
#include "analyst/incident/proposals.h"
#include "analyst/incident/told_fields.h"
#include "analyst/report/purposes.h"

namespace resguardo::analyst {
namespace {

constexpr std::string_view kInterviewer = "interviewer";

bool is_area(std::string_view code) {  // ISO 3166-2: MX-BCN
  return code.size() > 3 && code[2] == '-' &&
         std::all_of(code.begin(), code.begin() + 2, [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_country(std::string_view code) {  // ISO 3166-1: MX; "other" names none
  return code.size() == 2 &&
         std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

void take_gazetteer(const FormTexts& form, const std::string& code, Where& where) {
  const pb::GazetteerPlace* place = form.gazetteer(code);
  if (place == nullptr) return;
  where.place = code;
  where.name = place->name();
  where.country = place->country();
  where.area = place->area();
  where.municipality = place->inegi();
  where.latitude = place->latitude();
  where.longitude = place->longitude();
}

Where where_of(const ToldFields::Event& event, const FormTexts& form) {
  Where where;
  where.country = only_value(event.fields, "place.country");
  where.area = only_value(event.fields, "place.adm1");
  if (!is_country(where.country)) where.country = "";
  if (!is_area(where.area)) where.area = "";
  if (!where.country.empty()) where.precision = "country";
  if (!where.area.empty()) where.precision = "adm1";
  if (where.country.empty() && is_area(where.area)) where.country = where.area.substr(0, 2);
  if (event.place) {
    take_gazetteer(form, event.place->code(), where);
    if (where.place.empty() && is_area(event.place->code())) where.area = event.place->code();
    where.precision = event.place->precision();
  }
  if (where.place.empty())
    for (const std::string& code : values_of(event.fields, "place.gazetteer_code"))
      if (form.gazetteer(code) != nullptr) where.candidates.push_back(code);
  return where;
}

When when_of(const ToldFields::Event& event) {
  if (!event.date) return {};
  return {event.date->edtf(), event.date->precision(), days_of_edtf(event.date->edtf())};
}

Victim victim_of(const Fields& fields, std::uint32_t number) {
  Victim victim;
  victim.label =
      number < 26 ? std::string(1, static_cast<char>('A' + number)) : std::to_string(number + 1);
  victim.relation = only_value(fields, "victim.relationship");
  victim.age_band = only_value(fields, "victim.age_band");
  victim.gender = only_value(fields, "victim.gender");
  victim.acts = values_of(fields, "victim.acts");
  return victim;
}

bool is_of_a_victim(const Fields& fields) {
  return std::any_of(fields.begin(), fields.end(),
                     [](const auto& field) { return field.first.starts_with("victim."); });
}

// Whoever tells what happened to themselves is the victim; of another there is only what was said.
Victim only_victim(const ToldFields& told, const ToldFields::Event& event) {
  Victim victim;
  victim.label = "1";
  const auto roles = values_of(told.fields, "source.connection");
  const bool own = std::any_of(roles.begin(), roles.end(), [](const std::string& role) {
    return role == "self" || role == "self_family";
  });
  victim.characteristics = values_of(event.fields, "victim.characteristics");
  if (!own) {
    victim.relation = only_value(event.fields, "source.relationship_to_victim");
    return victim;
  }
  victim.relation = "self";
  victim.gender = only_value(told.fields, "reporter.gender");
  victim.age_band = only_value(told.fields, "reporter.age_band");
  victim.nationality = only_value(told.fields, "reporter.nationality");
  return victim;
}

std::vector<Victim> victims_of(const ToldFields& told, const ToldFields::Event& event) {
  std::vector<Victim> victims;
  for (const auto& [number, group] : event.groups)
    if (is_of_a_victim(group.fields)) victims.push_back(victim_of(group.fields, number));
  if (victims.empty()) victims.push_back(only_victim(told, event));
  return victims;
}

Incident incident_of(std::uint32_t index, const ToldFields& told, const FormTexts& form,
                     const Codes& codes) {
  const ToldFields::Event& event = told.events.at(index);
  Incident incident;
  incident.number = index + 1;
  incident.when = when_of(event);
  incident.where = where_of(event, form);
  incident.us_link = only_value(event.fields, "event.us_policy_link");
  incident.victim_band = only_value(event.fields, "event.victim_count_band");
  incident.child_band = only_value(event.fields, "event.child_count_band");
  incident.involvements = involvements_of(event, codes);
  incident.violations = proposed_violations(event.answers, incident.involvements, codes);
  incident.policies = policies_of(incident, event, codes);
  incident.victims = victims_of(told, event);
  incident.fields = event.fields;
  incident.words = event.words;
  return incident;
}

}  // namespace

std::string_view standing_text(CodeStanding standing) {
  constexpr std::array<std::string_view, 5> kTexts = {"reported", "proposed", "to-decide",
                                                      "confirmed", "rejected"};
  return kTexts.at(static_cast<std::size_t>(standing));
}

CodedReport coded_report(const ReportView& report, const FormTexts* form, const Codes& codes,
                         const RiskRules& risks) {
  CodedReport coded;
  coded.id = report.id;
  coded.received = report.day;
  coded.status = report.status;
  coded.language = report.final.language();
  coded.stream = "bot";
  coded.consent = agreed_purposes(report);
  if (form == nullptr) return coded;
  coded.form = form->id();
  coded.form_version = form->version();
  const ToldFields told = told_fields(report, *form);
  const auto roles = told.fields.find("source.connection");
  if (roles != told.fields.end() &&
      std::find(roles->second.begin(), roles->second.end(), kInterviewer) != roles->second.end())
    coded.stream = "interview";
  coded.risks = risks.flags(told.answers);
  coded.fields = told.fields;
  coded.words = told.words;
  for (const auto& [index, event] : told.events)
    coded.incidents.push_back(incident_of(index, told, *form, codes));
  return coded;
}

std::vector<std::string> standing_codes(const std::vector<CodedValue>& values) {
  std::vector<std::string> confirmed, proposed;
  for (const CodedValue& value : values) {
    if (value.standing == CodeStanding::kConfirmed) confirmed.push_back(value.code);
    if (value.standing == CodeStanding::kProposed) proposed.push_back(value.code);
  }
  std::vector<std::string> standing = confirmed.empty() ? proposed : confirmed;
  const std::vector<std::string> all = standing;
  std::erase_if(standing, [&](const std::string& code) {
    return std::any_of(all.begin(), all.end(),
                       [&](const std::string& other) { return other.starts_with(code + "."); });
  });
  return standing;
}

std::vector<std::string> Incident::actors() const {
  std::vector<std::string> actors;
  actors.reserve(involvements.size());
  for (const Involvement& one : involvements) actors.push_back(one.actor);
  return actors;
}

bool Incident::us_linked() const {
  return us_link == "returned" || us_link == "blocked" || us_link == "waiting";
}

std::vector<std::string> Incident::categories(const Codes& codes) const {
  std::set<std::string> found;
  for (const std::string& code : standing_codes(violations))
    if (const auto* violation = codes.violation(code)) found.insert(violation->category());
  std::vector<std::string> ordered;
  for (const pb::CategoryCode& category : codes.all().categories())
    if (found.contains(category.code())) ordered.push_back(category.code());
  return ordered;
}

Result<ReportCoder> ReportCoder::built_in() {
  RESGUARDO_TRY(Codes codes, Codes::built_in());
  RESGUARDO_TRY(RiskRules risks, RiskRules::of(codes));
  return ReportCoder(std::move(codes), std::move(risks));
}

CodedReport ReportCoder::code(const ReportView& report, const FormShelf& forms) const {
  const auto form = forms.find(report.form);
  CodedReport coded =
      coded_report(report, form == forms.end() ? nullptr : &form->second, codes_, risks_);
  apply_decisions(report.decisions, coded);
  return coded;
}

std::string incident_name(const ReportId& report, std::uint32_t number) {
  return to_hex(report.view()).substr(0, 8) + "-" + std::to_string(number);
}

}  // namespace resguardo::analyst
