// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <set>
#include <string>

#include "analyst/report/report_view.h"

namespace resguardo::analyst {

// Takes these purposes out of what the report's reader sees as agreed to: of its last record, and
// of every answer to a consent, earlier and later ones. The answer says which were taken back; what
// the person typed stays as they typed it.
void take_back(ReportView& report, const std::set<std::string>& purposes);

// What the reporter agreed to, after take_back(): what the report's end says; of one that was not
// finished, what the consent was answered with. Codes of the questionnaire; none: nothing.
std::set<std::string> agreed_purposes(const ReportView& report);

}  // namespace resguardo::analyst
