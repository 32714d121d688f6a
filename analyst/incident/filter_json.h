// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "analyst/incident/incident_filter.h"
#include "crypto/base/result.h"

namespace resguardo::analyst {

// A filter as data: {"since":"2021-05-01","place":"MX-TAM"}. Only what is asked for is there, in
// one order, so that two filters that ask for the same are the same text (program::json_line).
boost::json::object filter_json(const IncidentFilter& filter);
std::string filter_text(const IncidentFilter& filter);

constexpr std::size_t kMaxFilterText = 4096;

// Back again. kMalformed: no such text, one that asks for what this program does not know, for
// nothing in a name's place, for a day that is none, or in another order. Whether its codes exist
// is unknown_code_in()'s to say.
Result<IncidentFilter> parse_filter(std::string_view text);

}  // namespace resguardo::analyst
