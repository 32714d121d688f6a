// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/geojson.h"

#include <boost/json.hpp>

#include "analyst/incident/incident.h"
#include "program/json_output.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using program::json_text;
using program::Outcome;

json::array texts_of(const std::vector<std::string>& list) {
  json::array array;
  for (const std::string& item : list) array.emplace_back(json_text(item));
  return array;
}

json::value geometry_of(const Where& where) {
  if (!where.latitude || !where.longitude) return nullptr;
  return json::object{{"type", "Point"},
                      {"coordinates", json::array{*where.longitude, *where.latitude}}};
}

json::object public_properties_of(const Incident& incident, const Codes& codes) {
  return {{"edtf", json_text(incident.when.edtf)},
          {"country", json_text(incident.where.country)},
          {"area", json_text(incident.where.area)},
          {"geo_precision", json_text(incident.where.precision)},
          {"categories", texts_of(incident.categories(codes))},
          {"us_link", json_text(incident.us_link)}};
}

json::object properties_of(const CodedReport& report, const Incident& incident, const Codes& codes,
                           Profile profile) {
  if (profile == Profile::kPublic) return public_properties_of(incident, codes);
  const Where& where = incident.where;
  return {{"report", to_hex(report.id.view())},
          {"number", incident.number},
          {"stream", report.stream},
          {"edtf", json_text(incident.when.edtf)},
          {"country", json_text(where.country)},
          {"area", json_text(where.area)},
          {"place", json_text(where.place)},
          {"name", json_text(where.name)},
          {"geo_precision", json_text(where.precision)},
          {"categories", texts_of(incident.categories(codes))},
          {"violations", texts_of(standing_codes(incident.violations))},
          {"actors", texts_of(incident.actors())},
          {"us_link", json_text(incident.us_link)},
          {"victims", json_text(incident.victim_band)},
          {"level", json_text(incident.level)}};
}

json::object feature_of(const CodedReport& report, const Incident& incident, const Codes& codes,
                        Profile profile) {
  return {{"type", "Feature"},
          {"id", to_hex(report.id.view()) + "-" + std::to_string(incident.number)},
          {"geometry", geometry_of(incident.where)},
          {"properties", properties_of(report, incident, codes, profile)}};
}

}  // namespace

Outcome<Done> GeoJsonExporter::write(const ExportInput& input, ExportFiles& files) const {
  bool first = true;
  files.main().write(R"({"type":"FeatureCollection","features":[)");
  RESGUARDO_CHECK(input.reports([&](const ReportView&, const CodedReport& report) -> Outcome<Done> {
    for (const Incident& incident : report.incidents) {
      files.main().write(
          (first ? "\n" : ",\n") +
          program::json_line(feature_of(report, incident, input.codes, files.scope.profile)));
      first = false;
    }
    return Done{};
  }));
  files.main().write("\n]}\n");
  return Done{};
}

}  // namespace resguardo::analyst
