// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/json/fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "analyst/incident/incident.h"
#include "analyst/report/decision.h"

namespace resguardo::analyst {

// Those that hold, in the order in which they were made: of each thing the newest, unless it undoes
// what was said before; and every note.
std::vector<Decision> standing_decisions(std::span<const Decision> decisions);

// Lays over what a report proposes what analysts decided of it: codes are confirmed or rejected, or
// stand there because an analyst added them; levels and tags. What was decided of an incident that
// is not there (any more) changes nothing: is_about_nothing() says which.
void apply_decisions(std::span<const Decision> decisions, CodedReport& report);
bool is_about_nothing(const Decision& decision, const CodedReport& report);

// Whether the program has this code of this kind; tags have a form instead: small letters, digits
// and single hyphens, at most 40.
bool is_code_of(const Decision& decision, const Codes& codes);

// All that was ever decided of a report, in order: the newest of one thing holds.
boost::json::array decisions_json(const ReportView& view);

std::string_view kind_text(DecisionKind kind);  // "violation", …
std::string_view how_text(DecisionHow how);     // "confirmed", …

}  // namespace resguardo::analyst
