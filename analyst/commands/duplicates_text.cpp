// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/duplicates_text.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cstdio>

#include "program/json_output.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;

std::string key_name(const IncidentKey& key) {
  return incident_name(key.report, key.number);
}

std::string agreement_text(Agreement agreement) {
  constexpr std::array<const char*, 3> kTexts = {"same", "nearly", "differs"};
  return kTexts.at(static_cast<std::size_t>(agreement));
}

std::string listed(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values)
    if (!value.empty()) text += (text.empty() ? "" : ", ") + value;
  return text;
}

std::string evidence_ids(const PairScore& score, bool differing) {
  std::vector<std::string> ids;
  for (const Evidence& one : score.evidence)
    if ((one.agreement == Agreement::kDiffers) == differing) ids.emplace_back(one.id);
  return listed(ids);
}

std::string victims_text(const Incident& incident) {
  std::vector<std::string> texts;
  for (const Victim& victim : incident.victims)
    texts.push_back(listed({victim.nationality, victim.gender, victim.age_band, victim.relation}));
  return listed(texts);
}

std::string place_text(const Where& where) {
  return listed({where.name, where.area, where.country});
}

// In this order, and left out where neither says anything.
constexpr std::array<std::string_view, 12> kCompared = {
    "place.location_type",     "act.kidnapping.abduction_site", "act.method_of_violence",
    "act.kidnapping.duration", "act.detention.duration",        "act.kidnapping.end",
    "act.kidnapping.ransom",   "act.kidnapping.ransom_amount",  "act.extortion.amount",
    "event.apparent_motive",   "event.victim_count_band",       "event.child_count_band"};

void add_story(const ToldIncident& told, std::string& text) {
  const auto parts = values_of(told.incident().words, "event.description");
  text += "\n" + key_name(told.traits.key) + ", as it was told:\n";
  if (parts.empty()) text += "  (nothing in words)\n";
  for (const std::string& part : parts) text += "  " + program::visible_block(part, 2) + "\n";
}

void add_decided(const PairDecision& decision, std::string& text) {
  text += "  " + to_string(day_of(decision.time)) + "  " +
          std::string(outcome_code(decision.pair.outcome)) + ": " +
          program::visible(decision.reason) + "\n";
}

json::object key_json(const IncidentKey& key) {
  return {{"report", to_hex(key.report.view())}, {"number", key.number}};
}

}  // namespace

const Incident& ToldIncident::incident() const {
  return *std::ranges::find(report.incidents, traits.key.number, &Incident::number);
}

std::string bits_text(double bits) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%+.1f", bits);
  return text.data();
}

void add_pair_line(const ToldIncident& a, const ToldIncident& b, const PairScore& score,
                   program::Table& table) {
  table.add({key_name(a.traits.key), key_name(b.traits.key),
             std::string(proposal_text(score.proposal)), bits_text(score.incident_bits),
             bits_text(score.person_bits), a.incident().when.edtf, b.incident().when.edtf,
             place_text(a.incident().where), evidence_ids(score, false),
             evidence_ids(score, true)});
}

json::object pair_json(const IncidentTraits& a, const IncidentTraits& b, const PairScore& score) {
  json::array evidence;
  for (const Evidence& one : score.evidence)
    evidence.push_back({{"what", one.id},
                        {"agreement", agreement_text(one.agreement)},
                        {"incidentBits", one.incident_bits},
                        {"personBits", one.person_bits}});
  return {{"a", key_json(a.key)},
          {"b", key_json(b.key)},
          {"proposal", proposal_text(score.proposal)},
          {"incidentBits", score.incident_bits},
          {"personBits", score.person_bits},
          {"evidence", std::move(evidence)}};
}

namespace {

// What both say, a line for what at least one of them says.
std::string both_say(const ToldIncident& a, const ToldIncident& b) {
  program::Table both({"", key_name(a.traits.key), key_name(b.traits.key)});
  const auto row = [&](const std::string& what, const std::string& left, const std::string& right) {
    if (!left.empty() || !right.empty()) both.add({what, left, right});
  };
  const Incident &left = a.incident(), &right = b.incident();
  row("received", to_string(a.report.received), to_string(b.report.received));
  row("told by", listed({a.report.stream, a.report.language}),
      listed({b.report.stream, b.report.language}));
  row("role", only_value(a.report.fields, "source.connection"),
      only_value(b.report.fields, "source.connection"));
  row("when", left.when.edtf, right.when.edtf);
  row("where", place_text(left.where), place_text(right.where));
  row("what", listed(standing_codes(left.violations)), listed(standing_codes(right.violations)));
  row("who did it", listed(left.actors()), listed(right.actors()));
  row("to whom", victims_text(left), victims_text(right));
  for (const std::string_view field : kCompared)
    row(std::string(field), listed(values_of(left.fields, field)),
        listed(values_of(right.fields, field)));
  row("files", std::to_string(a.traits.files.size()), std::to_string(b.traits.files.size()));
  return both.text();
}

std::string weights_text(const PairScore& score) {
  program::Table weighs({"compared", "", "one incident", "one person"});
  for (const Evidence& one : score.evidence)
    weighs.add({std::string(one.id), agreement_text(one.agreement), bits_text(one.incident_bits),
                bits_text(one.person_bits)});
  weighs.add({"all, in bits", std::string(proposal_text(score.proposal)),
              bits_text(score.incident_bits), bits_text(score.person_bits)});
  return weighs.text();
}

}  // namespace

std::string side_by_side(const ToldIncident& a, const ToldIncident& b, const PairScore& score,
                         const std::vector<PairDecision>& history) {
  std::string text = both_say(a, b) + "\n" + weights_text(score);
  add_story(a, text);
  add_story(b, text);
  if (!history.empty()) text += "\nDecided:\n";
  for (const PairDecision& decision : history) add_decided(decision, text);
  return text;
}

json::array history_json(const std::vector<PairDecision>& history) {
  json::array all;
  for (const PairDecision& one : history) {
    json::object decision{{"a", key_json(one.pair.a)},
                          {"b", key_json(one.pair.b)},
                          {"outcome", outcome_code(one.pair.outcome)},
                          {"day", to_string(day_of(one.time))},
                          {"reason", program::json_text(one.reason)}};
    if (one.member) decision["member"] = to_hex(one.member->view());
    all.push_back(std::move(decision));
  }
  return all;
}

std::string clusters_text(const Clusters& clusters) {
  program::Table table({"cluster", "incidents", "sources", "independent", "contradicted by"});
  for (const Cluster& cluster : clusters.all()) {
    std::vector<std::string> names, against;
    for (const IncidentKey& key : cluster.incidents) names.push_back(key_name(key));
    for (const DecidedPair& pair : cluster.contradictions)
      against.push_back(key_name(pair.a) + " " + std::string(outcome_code(pair.outcome)) + " " +
                        key_name(pair.b));
    table.add({names.front(), listed(names), std::to_string(cluster.sources),
               std::to_string(cluster.independent_sources), listed(against)});
  }
  return table.text();
}

json::array clusters_json(const Clusters& clusters) {
  json::array all;
  for (const Cluster& cluster : clusters.all()) {
    json::array incidents, against;
    for (const IncidentKey& key : cluster.incidents) incidents.push_back(key_json(key));
    for (const DecidedPair& pair : cluster.contradictions)
      against.push_back({{"a", key_json(pair.a)},
                         {"b", key_json(pair.b)},
                         {"outcome", outcome_code(pair.outcome)}});
    all.push_back({{"incidents", std::move(incidents)},
                   {"sources", cluster.sources},
                   {"independentSources", cluster.independent_sources},
                   {"contradictions", std::move(against)}});
  }
  return all;
}

}  // namespace resguardo::analyst
