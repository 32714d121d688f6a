// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "analyst/report/form_texts.h"
#include "analyst/report/report_view.h"

namespace resguardo::analyst {

constexpr const char* kReportSchema = "resguardo-report/1";

// A report as data: every field always there and in one order, protobuf's JSON names, so that the
// same report gives the same text on every machine. Nothing about the reader is in it. Keys of
// media are not: they stay in the vault.
boost::json::object report_json(const ReportView& report, const FormShelf& forms);

// 2026-11-21T07:35:12.123Z
std::string iso_time(std::int64_t milliseconds);

// What was said, as one text: codes joined by '|', words, numbers, dates.
std::string answer_value(const pb::Answer& answer);
// The same, and of a correction whose words are with the identity that there is one.
std::string told_value(const AnswerView& told);
std::string_view event_text(pb::EventKind kind);  // "exit", "duress", …

}  // namespace resguardo::analyst
