// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/read_me.h"

#include "analyst/incident/filter_json.h"

namespace resguardo::analyst {
namespace {

std::string consent_text(const ExportScope& scope, const ExportCounts& counts) {
  const std::string without = std::to_string(counts.without_purpose);
  if (scope.despite_consent)
    return "For this organisation's own keeping: " + without +
           " of these reports are by people who did NOT agree to: " + scope.purpose;
  return "Only reports whose reporters agreed to: " + scope.purpose + ". " + without +
         " others are left out";
}

std::string filter_wish(const ExportScope& scope) {
  const std::string besides = scope.filter.asks() ? filter_text(scope.filter) : "";
  if (scope.set.name.empty()) return besides.empty() ? "None: all incidents" : besides;
  return "Set " + scope.set.name + ": " + filter_text(scope.set.filter) +
         (besides.empty() ? "" : ", and " + besides);
}

std::string forms_text(const FormShelf& forms) {
  std::string text;
  for (const auto& [digest, form] : forms)
    text += (text.empty() ? "" : ", ") + form.id() + " " + form.version();
  return text;
}

void add_counts(const ExportCounts& counts, std::vector<ReadMeLine>& lines) {
  const auto add = [&](const char* subject, std::uint64_t number) {
    lines.push_back({subject, std::to_string(number)});
  };
  add("Reports in this export", counts.reports);
  add("Reports in the vault", counts.reports_before);
  add("Incidents in this export", counts.incidents);
  add("Incidents before the filter", counts.incidents_before);
  add("Incidents left out because nobody knows when they were", counts.without_day);
  add("Reports without incidents, since their questionnaire is not here", counts.without_form);
}

}  // namespace

std::vector<ReadMeLine> read_me(const ExportScope& scope, const ExportCounts& counts,
                                const FormShelf& forms) {
  std::vector<ReadMeLine> lines = {
      {"Written by", scope.tool},
      {"Consent", consent_text(scope, counts)},
      {"Filter", filter_wish(scope)},
      {"Profile", "full: holds what people wrote. Keep it as the vault is kept"},
      {"Questionnaires", forms_text(forms)},
  };
  add_counts(counts, lines);
  const ReadMeLine always[] = {
      {"Method",
       "People told it in a messenger, to a questionnaire; interviewers told some of it for them. "
       "Codes are proposed by answers and confirmed by persons; torture and refoulement count only "
       "when a person confirmed them."},
      {"It is no sample",
       "Nobody was drawn at random. It says nothing of how often something happens, and counts of "
       "reports alone show no trend."},
      {"What is counted",
       "Reports, incidents, acts and victims are counted apart; none stands for another. Say of "
       "how many each share is."},
      {"Dates", "The month of an incident is not the month of its report. Both are here."},
      {"Unknown",
       "An empty cell: not asked, not said or not understood. It is a category of its own."},
      {"Policies", "policy_derived was in force on that day; nobody said that it was applied."},
      {"Places", "lat and lon are the middle of a named place, never where somebody stood."},
      {"Cells",
       "What would have been a formula has an apostrophe before it, characters that act or hide "
       "are written as <U+202E>, and what is longer than a cell stands in a file beside. The "
       "manifest lists each."},
      {"Columns and codes", "In the codebook, in five languages."},
  };
  lines.insert(lines.end(), std::begin(always), std::end(always));
  return lines;
}

}  // namespace resguardo::analyst
