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
  const std::string agreed = "Only reports whose reporters agreed to: " + scope.purpose;
  return scope.profile == Profile::kPublic ? agreed
                                           : agreed + ". " + without + " others are left out";
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

std::string profile_words(Profile profile) {
  switch (profile) {
    case Profile::kFull:
      return "full: holds what people wrote. Keep it as the vault is kept";
    case Profile::kInternal:
      return "internal: codes, days and places as they are, nobody's words, no pins. For the "
             "organisation's own people";
    case Profile::kPartner:
      return "partner: nothing sensitive, days as weeks, sites as their area, other ids than the "
             "vault's. It still describes single persons: not to be published or passed on";
    case Profile::kPublic:
      return "public: at least " + std::to_string(kLeastAlike) +
             " rows are alike in everything that is shown. What would have been rarer is shown "
             "coarser (a region of origin by its M49 code, a quarter, no area) or not at all. "
             "Sexual violence is never a row";
  }
  return "";
}

// Exact numbers are in the manifest, which stays with whoever made the file.
std::string protected_number(std::uint64_t number) {
  return number > 0 && number < kLeastAlike ? "fewer than " + std::to_string(kLeastAlike)
                                            : std::to_string(number);
}

void add_suppression(const ExportScope& scope, const ExportCounts& counts,
                     std::vector<ReadMeLine>& lines) {
  if (scope.profile == Profile::kPublic) {
    lines.push_back({"Incidents that are here", std::to_string(counts.rows_after)});
    lines.push_back({"Left out: too few are alike", protected_number(counts.too_few)});
    lines.push_back({"Left out: sexual violence", protected_number(counts.sexual_violence)});
  }
  if (scope.profile != Profile::kPartner) return;
  lines.push_back({"Incidents that are here", std::to_string(counts.rows_after)});
  lines.push_back({"Left out: sexual violence", std::to_string(counts.sexual_violence)});
  lines.push_back({"Described so that fewer than " + std::to_string(kLeastAlike) +
                       " are alike: somebody may recognise them",
                   std::to_string(counts.below_k)});
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
      {"Profile", profile_words(scope.profile)},
      {"Questionnaires", forms_text(forms)},
  };
  if (scope.profile != Profile::kPublic) add_counts(counts, lines);
  add_suppression(scope, counts, lines);
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
