// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>

#include "analyst/commands/incidents.h"
#include "analyst/export/csv.h"
#include "analyst/export/csv_row.h"
#include "analyst/stats/tables.h"
#include "program/output_file.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using program::Outcome;

json::object totals_json(const StatTotals& totals) {
  json::object streams;
  for (const auto& [stream, count] : totals.incidents_by_stream) streams[stream] = count;
  return {{"reports", totals.reports},
          {"incidents", totals.incidents},
          {"accounts", totals.accounts},
          {"acts", totals.acts},
          {"victimsAtLeast", totals.victims},
          {"headline", totals.headline},
          {"incidentsByStream", std::move(streams)}};
}

json::array rows_json(const StatTable& table) {
  json::array rows;
  for (const StatTable::Row& row : table.rows) {
    json::object counts;
    for (std::size_t i = 0; i < table.columns.size(); ++i) counts[table.columns[i]] = row.counts[i];
    rows.push_back(json::object{
        {"code", row.code}, {"incidents", row.incidents}, {"counts", std::move(counts)}});
  }
  return rows;
}

json::object statistics_json(const Statistics& statistics) {
  json::array tables;
  for (const StatTable& table : statistics.tables)
    tables.push_back(json::object{{"id", table.id},
                                  {"title", table.title},
                                  {"incidents", table.of},
                                  {"rows", rows_json(table)}});
  return {{"schema", "resguardo-statistics/1"},
          {"totals", totals_json(statistics.totals)},
          {"tables", std::move(tables)}};
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells)
    line += (line.empty() ? "" : ",") + quoted_cell(safe_cell(cell).text);
  return line + "\r\n";
}

// One line for each cell of each table, so that any tool can turn them round.
Outcome<Done> write_csv(const Statistics& statistics, const std::filesystem::path& out) {
  RESGUARDO_TRY(auto file, program::OutputFile::create(out));
  file.write(kByteOrderMark);
  file.write(csv_line({"table", "row", "column", "incidents", "of"}));
  for (const StatTable& table : statistics.tables)
    for (const StatTable::Row& row : table.rows)
      for (std::size_t i = 0; i < table.columns.size(); ++i)
        file.write(csv_line({table.id, row.code, table.columns[i], std::to_string(row.counts[i]),
                             std::to_string(table.of)}));
  return file.commit();
}

}  // namespace

Outcome<Done> show_statistics(const StatsOptions& options, Call& call) {
  RESGUARDO_TRY(OpenVault open, open_vault(options.vault, call));
  RESGUARDO_TRY(IncidentChoice choice, IncidentChoice::of(options.filter, open));
  Tally tally(choice.codes());
  RESGUARDO_CHECK(choice.walk(
      open,
      [&](const ReportView&, const CodedReport& report, const Incident& incident) -> Outcome<Done> {
        tally.add(report, incident);
        return Done{};
      }));
  RESGUARDO_CHECK(choice.keep_in_journal(open, options.vault, "stats", call));
  const Statistics statistics = tally.statistics();
  if (!options.out.empty()) RESGUARDO_CHECK(write_csv(statistics, options.out));
  if (call.console.json())
    call.console.print(statistics_json(statistics));
  else
    call.console.print(statistics_text(statistics, choice.codes(), options.language));
  choice.tell_left_out(call);
  return tell_locked(open, call);
}

}  // namespace resguardo::analyst
