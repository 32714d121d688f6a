// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>

#include "analyst/commands/export_profile.h"
#include "analyst/commands/incidents.h"
#include "analyst/export/csv.h"
#include "analyst/export/csv_row.h"
#include "analyst/stats/small_numbers.h"
#include "analyst/stats/tables.h"
#include "program/output_file.h"
#include "program/terminal.h"

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
Outcome<Done> write_csv(const std::vector<ShownTable>& tables, const std::filesystem::path& out) {
  RESGUARDO_TRY(auto file, program::OutputFile::create(out));
  file.write(kByteOrderMark);
  file.write(csv_line({"table", "row", "column", "incidents", "of"}));
  for (const ShownTable& table : tables)
    for (const ShownTable::Row& row : table.rows)
      for (std::size_t i = 0; i < table.columns.size(); ++i)
        file.write(csv_line(
            {table.id, row.code, table.columns[i], row.counts[i].text(), table.of.text()}));
  return file.commit();
}

std::vector<ShownTable> tables_shown(const Statistics& statistics, const SmallNumbers& rule) {
  std::vector<ShownTable> shown;
  for (const StatTable& table : statistics.tables) {
    shown.push_back(shown_table(table, rule));
    if (!rule.exact && is_too_restricted(table)) {
      shown.back().rows.clear();
      shown.back().too_small = true;
    }
  }
  return shown;
}

json::array shown_rows_json(const ShownTable& table) {
  json::array rows;
  for (const ShownTable::Row& row : table.rows) {
    json::object counts;
    for (std::size_t i = 0; i < table.columns.size(); ++i)
      counts[table.columns[i]] = row.counts[i].text();
    rows.push_back(json::object{
        {"code", row.code}, {"incidents", row.incidents.text()}, {"counts", std::move(counts)}});
  }
  return rows;
}

// All numbers are texts: "12", "<5", "–".
json::object public_json(const std::vector<ShownTable>& tables, const ShownCount& incidents) {
  json::array array;
  for (const ShownTable& table : tables)
    array.push_back(json::object{{"id", table.id},
                                 {"incidents", table.of.text()},
                                 {"tooSmall", table.too_small},
                                 {"rows", shown_rows_json(table)}});
  return {{"schema", "resguardo-public-statistics/1"},
          {"incidents", incidents.text()},
          {"tables", std::move(array)}};
}

std::string public_text(const std::vector<ShownTable>& tables, const ShownCount& incidents) {
  std::string text = incidents.text() +
                     " incidents. Not a random sample: these are reports, no measure of how much "
                     "happens.\nSmall numbers are protected: <5 is 1 to 4, \u2013 is withheld so "
                     "that they cannot be worked out.\n";
  for (const ShownTable& table : tables) {
    if (table.rows.empty() && !table.too_small) continue;
    text += "\n" + table.id + " (" + table.of.text() + " incidents)\n";
    if (table.too_small) {
      text += "  too few to be shown\n";
      continue;
    }
    program::Table lines({table.id, "incidents"});
    for (const ShownTable::Row& row : table.rows) lines.add({row.code, row.incidents.text()});
    text += lines.text();
  }
  return text;
}

// Into the ledger before anything of it is shown.
Outcome<Done> show_public(const StatsOptions& options, const Statistics& statistics,
                          const ReleaseDraft& draft, const IncidentChoice& choice, OpenVault& open,
                          Call& call) {
  RESGUARDO_CHECK(ledger_allows(open, draft.incidents));
  std::vector<ReportId> reports;
  for (const IncidentKey& one : draft.incidents) reports.push_back(one.report);
  JournalFact fact = journal_fact(JournalKind::kExported, std::move(reports));
  fact.note = "stats, public";
  RESGUARDO_CHECK(keep_release(draft, choice, open, fact, call));
  const SmallNumbers rule;
  const auto tables = tables_shown(statistics, rule);
  const ShownCount incidents = shown_count(statistics.totals.incidents, rule);
  if (!options.out.empty()) RESGUARDO_CHECK(write_csv(tables, options.out));
  if (call.console.json())
    call.console.print(public_json(tables, incidents));
  else
    call.console.print(public_text(tables, incidents));
  return Done{};
}

Outcome<Done> show_exact(const StatsOptions& options, const Statistics& statistics,
                         const IncidentChoice& choice, OpenVault& open, Call& call) {
  RESGUARDO_CHECK(choice.keep_in_journal(open, options.vault, "stats", call));
  if (!options.out.empty())
    RESGUARDO_CHECK(write_csv(tables_shown(statistics, {.exact = true}), options.out));
  if (call.console.json())
    call.console.print(statistics_json(statistics));
  else
    call.console.print(statistics_text(statistics, choice.codes(), options.language));
  return Done{};
}

}  // namespace

Outcome<Done> show_statistics(const StatsOptions& options, Call& call) {
  const bool for_public = options.profile == "public";
  if (!for_public && options.profile != "internal")
    return program::usage_problem("--profile", "is none of internal and public");
  RESGUARDO_TRY(OpenVault open, open_vault(options.vault, call));
  if (for_public) RESGUARDO_CHECK(may_release(options.vault, open, call));
  RESGUARDO_TRY(IncidentChoice choice, IncidentChoice::of(options.filter, open));
  Tally tally(choice.codes());
  std::vector<IncidentKey> chosen;
  RESGUARDO_CHECK(choice.walk(
      open,
      [&](const ReportView&, const CodedReport& report, const Incident& incident) -> Outcome<Done> {
        tally.add(report, incident);
        chosen.push_back({report.id, incident.number});
        return Done{};
      }));
  const Statistics statistics = tally.statistics();
  RESGUARDO_CHECK(for_public ? show_public(options, statistics, {options.vault, "stats", chosen},
                                           choice, open, call)
                             : show_exact(options, statistics, choice, open, call));
  choice.tell_left_out(call);
  return tell_locked(open, call);
}

}  // namespace resguardo::analyst
