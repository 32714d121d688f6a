// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>

#include "analyst/report/stored_report.h"
#include "crypto/log/log_entry.h"

namespace resguardo::analyst {

struct LogFinding {
  LogVerdict verdict = LogVerdict::kNotLogged;
  bool withdrawal_claimed = false;
};

// Compares a report's segments (their chains, in order of index) with what the log says of it. An
// entry covers the segments from the start, or those after what an earlier entry covered; all
// must be covered.
LogFinding check_log(std::span<const LogFact> entries, std::span<const Digest> chains);

// Whether, by these entries about a report, it should be there: logged, not withdrawn, not expired.
bool names_report(std::span<const LogFact> entries);

// Whether an entry is about a report: its id is the report's.
bool concerns_report(const LogFact& fact);

}  // namespace resguardo::analyst
