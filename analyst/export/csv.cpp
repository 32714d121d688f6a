// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/csv.h"

#include "analyst/export/csv_columns.h"
#include "analyst/export/csv_row.h"
#include "analyst/report/report_json.h"

namespace resguardo::analyst {
namespace {

using program::Outcome;
template <class List, class Text>
std::string joined(const List& list, const char* separator, Text text) {
  std::string result;
  for (const auto& item : list) {
    if (!result.empty()) result += separator;
    result += text(item);
  }
  return result;
}

std::string media_line(const MediaView& sent) {
  const pb::Media& media = sent.media;
  std::string line = media.node() + " " + media.mime();
  line += " " + std::string(media_state_text(sent.state));
  if (!media.sha256().empty()) line += " sha256:" + to_hex(as_bytes(media.sha256()));
  return media.caption().empty() ? line : line + " " + media.caption();
}

using Cell = std::pair<const char*, std::string>;

std::vector<Cell> facts_of(const ReportView& report, const FormShelf& forms) {
  const auto form = forms.find(report.form);
  const bool known = form != forms.end();
  const auto same = [](const std::string& item) { return item; };
  return {{"report", to_hex(report.id.view())},
          {"day", to_string(report.day)},
          {"status", std::string(status_text(report.status))},
          {"flags", joined(report.flags, "|", flag_text)},
          {"form", known ? form->second.id() : report.final.form_id()},
          {"form_version", known ? form->second.version() : report.final.form_version()},
          {"language", report.final.language()},
          {"channel", report.final.channel()},
          {"role", report.final.role()},
          {"consent", joined(report.final.consent(), "|", same)},
          {"answers", std::to_string(report.current_answers())},
          {"media", joined(report.media, "\n", media_line)},
          {"events", joined(report.events, "|", [](const EventView& event) {
             return event_text(event.event.kind());
           })}};
}

Outcome<Done> write_header(const CsvColumns& columns, ExportFiles& files) {
  files.main().write(kByteOrderMark);
  CsvRow row(files, "");
  for (const auto& [name, value] : facts_of({}, {})) RESGUARDO_CHECK(row.cell(name, name));
  for (const CsvColumn& column : columns.columns())
    RESGUARDO_CHECK(row.cell("(header)", column.name()));
  RESGUARDO_CHECK(row.cell("other_answers", "other_answers"));
  row.end();
  return Done{};
}

Outcome<Done> write_report(const ReportView& report, const FormShelf& forms,
                           const CsvColumns& columns, ExportFiles& files) {
  CsvRow row(files, to_hex(report.id.view()));
  for (const auto& [name, value] : facts_of(report, forms)) RESGUARDO_CHECK(row.cell(name, value));
  std::string other;
  const auto cells = columns.cells(report, other);
  for (const CsvColumn& column : columns.columns()) {
    const auto found = cells.find(column);
    RESGUARDO_CHECK(row.cell(column.name(), found == cells.end() ? "" : found->second));
  }
  RESGUARDO_CHECK(row.cell("other_answers", other));
  row.end();
  return Done{};
}

}  // namespace

Outcome<Done> CsvExporter::write(const ExportInput& input, ExportFiles& files) const {
  CsvColumns columns(input.forms);
  RESGUARDO_CHECK(input.reports([&](const ReportView& report, const CodedReport&) -> Outcome<Done> {
    columns.learn(report);
    return Done{};
  }));
  RESGUARDO_CHECK(write_header(columns, files));
  return input.reports([&](const ReportView& report, const CodedReport&) {
    return write_report(report, input.forms, columns, files);
  });
}

}  // namespace resguardo::analyst
