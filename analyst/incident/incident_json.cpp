// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/incident/incident_json.h"

#include <boost/json.hpp>

#include "program/json_output.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using program::json_text;

template <class List>
json::array texts(const List& list) {
  json::array array;
  for (const std::string& item : list) array.emplace_back(json_text(item));
  return array;
}

json::object fields_json(const Fields& fields) {
  json::object object;
  for (const auto& [field, values] : fields) object[json_text(field)] = texts(values);
  return object;
}

json::array values_json(const std::vector<CodedValue>& values) {
  json::array array;
  for (const CodedValue& value : values)
    array.push_back(json::object{{"code", json_text(value.code)},
                                 {"standing", json::string_view(standing_text(value.standing))},
                                 {"because", texts(value.because)}});
  return array;
}

json::value number_or_null(const std::optional<double>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}

json::object when_json(const When& when) {
  json::object object{{"edtf", json_text(when.edtf)}, {"precision", json_text(when.precision)}};
  object["first"] = when.days ? json::value(to_string(when.days->first)) : json::value(nullptr);
  object["last"] = when.days ? json::value(to_string(when.days->last)) : json::value(nullptr);
  return object;
}

json::object where_json(const Where& where) {
  return {{"country", json_text(where.country)},
          {"area", json_text(where.area)},
          {"place", json_text(where.place)},
          {"name", json_text(where.name)},
          {"precision", json_text(where.precision)},
          {"candidates", texts(where.candidates)},
          {"latitude", number_or_null(where.latitude)},
          {"longitude", number_or_null(where.longitude)}};
}

json::array involvements_json(const std::vector<Involvement>& involvements) {
  json::array array;
  for (const Involvement& one : involvements)
    array.push_back(json::object{{"actor", json_text(one.actor)},
                                 {"degree", json_text(one.degree)},
                                 {"count", json_text(one.count)},
                                 {"acquiescence", json_text(one.acquiescence)}});
  return array;
}

json::array victims_json(const std::vector<Victim>& victims) {
  json::array array;
  for (const Victim& victim : victims)
    array.push_back(json::object{{"label", json_text(victim.label)},
                                 {"relation", json_text(victim.relation)},
                                 {"ageBand", json_text(victim.age_band)},
                                 {"gender", json_text(victim.gender)},
                                 {"nationality", json_text(victim.nationality)},
                                 {"characteristics", texts(victim.characteristics)},
                                 {"acts", texts(victim.acts)}});
  return array;
}

}  // namespace

json::object incident_json(const CodedReport& report, const Incident& incident,
                           const Codes& codes) {
  json::object object{{"schema", kIncidentSchema},
                      {"report", to_hex(report.id.view())},
                      {"number", incident.number},
                      {"received", to_string(report.received)},
                      {"stream", json_text(report.stream)},
                      {"form", json_text(report.form)},
                      {"formVersion", json_text(report.form_version)},
                      {"language", json_text(report.language)},
                      {"consent", texts(report.consent)},
                      {"risks", texts(report.risks)}};
  object["when"] = when_json(incident.when);
  object["where"] = where_json(incident.where);
  object["categories"] = texts(incident.categories(codes));
  object["violations"] = values_json(incident.violations);
  object["involvements"] = involvements_json(incident.involvements);
  object["victims"] = victims_json(incident.victims);
  object["victimBand"] = json_text(incident.victim_band);
  object["childBand"] = json_text(incident.child_band);
  object["usLink"] = json_text(incident.us_link);
  object["policies"] = values_json(incident.policies);
  object["level"] = json_text(incident.level);
  object["cluster"] = json_text(incident.cluster);
  object["sources"] = incident.sources;
  object["independentSources"] = incident.independent_sources;
  object["tags"] = texts(report.tags);
  object["fields"] = fields_json(incident.fields);
  object["words"] = fields_json(incident.words);
  object["reportFields"] = fields_json(report.fields);
  return object;
}

}  // namespace resguardo::analyst
