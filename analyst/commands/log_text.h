// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>

#include "analyst/commands/call.h"
#include "analyst/import/log_judge.h"

namespace resguardo::analyst {

// What a bundle shows of its log, in one line; "log: " is the caller's.
std::string log_line(const LogFindings& log);
// What is to be told of a log that began anew, a line each; empty: it did not.
std::vector<std::string> restart_lines(const LogFindings& log);
boost::json::object log_json(const LogFindings& log);
// Promises that were not kept, one a line; empty: none.
std::vector<std::string> broken_promises(const LogFindings& log);

// What an import found, as lines and warnings: the logs, promises that were not kept, reports that
// a log names and that are not here, or not as it says.
program::Outcome<Done> tell_logs(const std::vector<LogFindings>& logs, Vault& vault, Call& call);
boost::json::array logs_json(const std::vector<LogFindings>& logs);

// "REPORT 0123abcd", as people compare it.
std::string entry_name(const LogFact& fact);

}  // namespace resguardo::analyst
