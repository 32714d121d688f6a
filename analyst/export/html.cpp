// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/html.h"

#include "analyst/html/page.h"
#include "analyst/stats/tables.h"

namespace resguardo::analyst {

using program::Outcome;

Outcome<Done> HtmlExporter::write(const ReportSource& reports, const FormShelf& forms,
                                  ExportFiles& files) const {
  RESGUARDO_TRY(const ReportCoder coder, program::at("codes", ReportCoder::built_in()));
  PageContents contents;
  Tally tally(coder.codes());
  RESGUARDO_CHECK(reports([&](const ReportView& view) -> Outcome<Done> {
    const CodedReport report = coder.code(view, forms);
    for (const Incident& incident : report.incidents) {
      tally.add(report, incident);
      contents.rows.push_back(page_row(report, incident, coder.codes()));
    }
    ++files.reports;
    return Done{};
  }));
  contents.statistics = tally.statistics();
  contents.facts = {.tool = files.scope.tool,
                    .purpose = files.scope.purpose,
                    .without_purpose = files.scope.without_purpose,
                    .despite_consent = files.scope.despite_consent,
                    .exact = files.scope.exact,
                    .language = files.scope.language};
  write_page(contents, coder.codes(), forms,
             [&](std::string_view text) { files.main().write(text); });
  return Done{};
}

}  // namespace resguardo::analyst
