// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "analyst/report/form_texts.h"
#include "analyst/report/report_view.h"

namespace resguardo::analyst {

std::string short_id(const ReportView& report);                           // the first 8 hex digits
std::string form_text(const ReportView& report, const FormShelf& forms);  // "border_abuse 1.0.0"
boost::json::object summary_json(const ReportView& report, const FormShelf& forms);

// A report for a person at a terminal: questions as they were asked, answers as they were given,
// everything made visible(). `language` empty: each question in the language it was asked in.
std::string report_text(const ReportView& report, const FormShelf& forms,
                        const std::string& language, bool all);

}  // namespace resguardo::analyst
