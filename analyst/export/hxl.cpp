// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/hxl.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "analyst/export/csv_row.h"

namespace resguardo::analyst {
namespace {

using program::at;
using program::Outcome;

struct HxlSource {
  std::string_view column;
  std::string (*cell)(const CodedReport&, const Incident&, const Codes&);
  bool number = false;
};

std::string in_one_cell(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values)
    if (!value.empty()) text += (text.empty() ? "" : "|") + value;
  return text;
}

std::string degrees(const std::optional<double>& value) {
  if (!value) return "";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f", *value);
  return text.data();
}

template <std::string Victim::* kField>
std::string of_each_victim(const Incident& incident) {
  std::vector<std::string> values;
  for (const Victim& victim : incident.victims) values.push_back(victim.*kField);
  return in_one_cell(values);
}

// What was named or confirmed; what was merely in force is no statement about the incident.
std::string policy_codes(const Incident& incident) {
  std::vector<std::string> policies;
  for (const CodedValue& policy : incident.policies)
    if (policy.standing == CodeStanding::kReported || policy.standing == CodeStanding::kConfirmed)
      policies.push_back(policy.code);
  return in_one_cell(policies);
}

// To add a column: a line here, and its tag among the codes.
constexpr auto kHxlSources = std::to_array<HxlSource>({
    {"report_id",
     [](const CodedReport& report, const Incident& incident, const Codes&) {
       return to_hex(report.id.view()) + "-" + std::to_string(incident.number);
     }},
    {"incident_date",
     [](const CodedReport&, const Incident& incident, const Codes&) { return incident.when.edtf; }},
    {"date_precision", [](const CodedReport&, const Incident& incident,
                          const Codes&) { return incident.when.precision; }},
    {"report_date", [](const CodedReport& report, const Incident&,
                       const Codes&) { return to_string(report.received); }},
    {"country", [](const CodedReport&, const Incident& incident,
                   const Codes&) { return incident.where.country; }},
    {"adm1", [](const CodedReport&, const Incident& incident,
                const Codes&) { return incident.where.area; }},
    {"adm2_inegi", [](const CodedReport&, const Incident& incident,
                      const Codes&) { return incident.where.municipality; }},
    {"place", [](const CodedReport&, const Incident& incident,
                 const Codes&) { return incident.where.name; }},
    {"lat",
     [](const CodedReport&, const Incident& incident, const Codes&) {
       return degrees(incident.where.latitude);
     },
     true},
    {"lon",
     [](const CodedReport&, const Incident& incident, const Codes&) {
       return degrees(incident.where.longitude);
     },
     true},
    {"geo_precision", [](const CodedReport&, const Incident& incident,
                         const Codes&) { return incident.where.precision; }},
    {"violation", [](const CodedReport&, const Incident& incident,
                     const Codes&) { return in_one_cell(standing_codes(incident.violations)); }},
    {"hrf_category", [](const CodedReport&, const Incident& incident,
                        const Codes& codes) { return in_one_cell(incident.categories(codes)); }},
    {"perpetrator", [](const CodedReport&, const Incident& incident,
                       const Codes&) { return in_one_cell(incident.actors()); }},
    {"policy", [](const CodedReport&, const Incident& incident,
                  const Codes&) { return policy_codes(incident); }},
    {"nationality", [](const CodedReport&, const Incident& incident,
                       const Codes&) { return of_each_victim<&Victim::nationality>(incident); }},
    {"gender", [](const CodedReport&, const Incident& incident,
                  const Codes&) { return of_each_victim<&Victim::gender>(incident); }},
    {"age_band", [](const CodedReport&, const Incident& incident,
                    const Codes&) { return of_each_victim<&Victim::age_band>(incident); }},
    {"victims", [](const CodedReport&, const Incident& incident,
                   const Codes&) { return incident.victim_band; }},
    {"children", [](const CodedReport&, const Incident& incident,
                    const Codes&) { return incident.child_band; }},
    {"verification",
     [](const CodedReport&, const Incident& incident, const Codes&) { return incident.level; }},
});

const HxlSource* source_of(std::string_view column) {
  const auto* const found =
      std::find_if(kHxlSources.begin(), kHxlSources.end(),
                   [&](const HxlSource& source) { return source.column == column; });
  return found == kHxlSources.end() ? nullptr : found;
}

Outcome<Done> write_hxl_header(const Codes& codes, ExportFiles& files) {
  files.main().write(kByteOrderMark);
  CsvRow names(files, "(header)");
  CsvRow tags(files, "(header)");
  for (const pb::HxlColumn& column : codes.all().hxl()) {
    RESGUARDO_CHECK(names.cell(column.column(), column.column()));
    RESGUARDO_CHECK(tags.cell(column.column(), column.tag()));
  }
  names.end();
  tags.end();
  return Done{};
}

Outcome<Done> write_hxl_row(const CodedReport& report, const Incident& incident, const Codes& codes,
                            ExportFiles& files) {
  CsvRow row(files, to_hex(report.id.view()));
  for (const pb::HxlColumn& column : codes.all().hxl()) {
    RESGUARDO_TRY(const std::string cell,
                  at("codes", hxl_cell(column.column(), report, incident, codes)));
    if (source_of(column.column())->number)
      row.number(cell);
    else
      RESGUARDO_CHECK(row.cell(column.column(), cell));
  }
  row.end();
  return Done{};
}

}  // namespace

Result<std::string> hxl_cell(std::string_view column, const CodedReport& report,
                             const Incident& incident, const Codes& codes) {
  if (const HxlSource* source = source_of(column)) return source->cell(report, incident, codes);
  return Error{Fault::kNotFound, "a column of the table of incidents that nothing fills"};
}

Outcome<Done> HxlExporter::write(const ReportSource& reports, const FormShelf& forms,
                                 ExportFiles& files) const {
  RESGUARDO_TRY(const ReportCoder coder, at("codes", ReportCoder::built_in()));
  RESGUARDO_CHECK(write_hxl_header(coder.codes(), files));
  return reports([&](const ReportView& view) -> Outcome<Done> {
    const CodedReport report = coder.code(view, forms);
    for (const Incident& incident : report.incidents)
      RESGUARDO_CHECK(write_hxl_row(report, incident, coder.codes(), files));
    ++files.reports;
    return Done{};
  });
}

}  // namespace resguardo::analyst
