// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "analyst/report/report_view.h"

namespace resguardo::analyst {

struct ToldWords {
  std::string language;  // of the report
  std::string words;
};

// The words of a report's testimony that stand: of answers, remarks and captions, each in lines of
// its own; also what was typed for a choice, unless it was its number. Not what was told again or
// taken back later, not the texts that somebody agreed to, and nothing from the identity
// compartment, whatever the records say.
//
// WARNING: an ordinary string; wiped only where resguardo::wiping is linked.
std::string words_of(const ReportView& report);
// The same as of its view, of which only what words need is made.
ToldWords words_of(const StoredReport& report);

}  // namespace resguardo::analyst
