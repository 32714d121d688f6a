// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/json/fwd.hpp>

#include "analyst/incident/incident.h"

namespace resguardo::analyst {

constexpr const char* kIncidentSchema = "resguardo-incident/1";

// An incident as data: every key always there and in one order. Fields hold what was answered, with
// the reporter's own words apart ("words"). Where it happened has the middle of the place.
boost::json::object incident_json(const CodedReport& report, const Incident& incident,
                                  const Codes& codes);

}  // namespace resguardo::analyst
