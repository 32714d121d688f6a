// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>

#include "analyst/commands/incidents.h"
#include "analyst/export/export_check.h"
#include "program/json_output.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

using program::Outcome;
using program::Problem;

boost::json::array names_json(const std::vector<std::string>& names) {
  boost::json::array array;
  for (const std::string& name : names) array.emplace_back(program::json_text(name));
  return array;
}

void print_check(const ExportCheck& check, Call& call) {
  if (call.console.json())
    return call.console.print(boost::json::object{{"format", program::json_text(check.format)},
                                                  {"purpose", program::json_text(check.purpose)},
                                                  {"reports", check.reports},
                                                  {"files", check.files},
                                                  {"changed", names_json(check.changed)},
                                                  {"missing", names_json(check.missing)},
                                                  {"strange", names_json(check.strange)}});
  std::string text = program::visible(check.format) + ", for " + program::visible(check.purpose) +
                     ": " + std::to_string(check.reports) + " reports, " +
                     std::to_string(check.files) + " files\n";
  const auto add = [&](const char* what, const std::vector<std::string>& names) {
    for (const std::string& name : names) text += what + program::visible(name) + "\n";
  };
  add("changed: ", check.changed);
  add("missing: ", check.missing);
  add("not of this export: ", check.strange);
  call.console.print(text);
}

}  // namespace

Outcome<Done> verify_export(const VerifyExportOptions& options, Call& call) {
  RESGUARDO_TRY(const ExportCheck check, check_export(options.out, options.media));
  print_check(check, call);
  if (!check.whole())
    return Problem{options.out.string(), "is not as it was written",
                   "take it from whoever exported it, or export again"};
  return Done{};
}

}  // namespace resguardo::analyst
