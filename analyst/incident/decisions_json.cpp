// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>

#include "analyst/incident/decisions.h"
#include "program/json_output.h"

namespace resguardo::analyst {

boost::json::array decisions_json(const ReportView& view) {
  boost::json::array array;
  for (const Decision& one : view.decisions) {
    boost::json::object object{{"day", to_string(resguardo::day_of(one.time))},
                               {"member", to_hex(one.member.view())},
                               {"incident", one.incident},
                               {"kind", boost::json::string_view(kind_text(one.kind))},
                               {"how", boost::json::string_view(how_text(one.how))},
                               {"code", program::json_text(one.code)},
                               {"reason", program::json_text(one.reason)}};
    if (one.other) object["other"] = incident_name(*one.other, one.other_incident);
    array.push_back(std::move(object));
  }
  return array;
}

}  // namespace resguardo::analyst
