// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/html.h"

#include <boost/json.hpp>

#include "analyst/html/page.h"
#include "analyst/incident/filter_json.h"
#include "analyst/stats/tables.h"

namespace resguardo::analyst {

using program::Outcome;

Outcome<Done> HtmlExporter::write(const ExportInput& input, ExportFiles& files) const {
  PageContents contents;
  Tally tally(input.codes);
  RESGUARDO_CHECK(input.reports([&](const ReportView&, const CodedReport& report) -> Outcome<Done> {
    for (const Incident& incident : report.incidents) {
      tally.add(report, incident);
      contents.rows.push_back(page_row(report, incident, input.codes));
    }
    return Done{};
  }));
  contents.statistics = tally.statistics();
  contents.facts = {.tool = files.scope.tool,
                    .purpose = files.scope.purpose,
                    .without_purpose = files.counts.without_purpose,
                    .without_form = files.counts.without_form,
                    .without_day = files.counts.without_day,
                    .despite_consent = files.scope.despite_consent,
                    .exact = files.scope.exact,
                    .language = files.scope.language};
  if (!files.scope.set.name.empty())
    contents.facts.filter.push_back("set: " + files.scope.set.name);
  for (const IncidentFilter& filter : {files.scope.set.filter, files.scope.filter})
    for (const auto& [name, wish] : filter_json(filter))
      contents.facts.filter.push_back(std::string(name) + ": " + std::string(wish.as_string()));
  write_page(contents, input.codes, input.forms,
             [&](std::string_view text) { files.main().write(text); });
  return Done{};
}

}  // namespace resguardo::analyst
