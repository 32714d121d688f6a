// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "analyst/stats/tables.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

constexpr std::size_t kMostColumns = 8;  // of a terminal; files have all

// What a code is called; the code itself where nobody gave it a name.
std::string name_of(const std::string& code, const Codes& codes, std::string_view language) {
  const auto labelled = [&](const auto* row) {
    return row == nullptr ? std::string() : label_in(row->labels(), language);
  };
  for (std::string label : {labelled(codes.category(code)), labelled(codes.actor(code)),
                            labelled(codes.violation(code)), labelled(codes.policy(code))})
    if (!label.empty()) return label + " (" + code + ")";
  return code;
}

std::string share(std::uint64_t count, std::uint64_t of) {
  return of == 0 ? "" : std::to_string((100 * count + of / 2) / of) + " %";
}

// Columns in their order; where there are too many, the last ones, which are the newest months.
std::size_t first_column(const StatTable& table) {
  return table.columns.size() > kMostColumns ? table.columns.size() - kMostColumns : 0;
}

std::string table_text(const StatTable& table, const Codes& codes, std::string_view language) {
  std::string text = "\n" + table.title + " (" + std::to_string(table.of) + " incidents)\n";
  const std::size_t first = first_column(table);
  const bool plain = table.columns.size() == 1 && table.columns.front() == "incidents";
  std::vector<std::string> header{table.id, "incidents", "share"};
  for (std::size_t i = first; !plain && i < table.columns.size(); ++i)
    header.push_back(table.columns[i]);
  program::Table lines(header);
  for (const StatTable::Row& row : table.rows) {
    std::vector<std::string> cells{name_of(row.code, codes, language),
                                   std::to_string(row.incidents), share(row.incidents, table.of)};
    for (std::size_t i = first; !plain && i < table.columns.size(); ++i)
      cells.push_back(std::to_string(row.counts[i]));
    lines.add(std::move(cells));
  }
  text += lines.text();
  if (first > 0) text += "(" + std::to_string(first) + " more columns in a file: --out)\n";
  return text;
}

std::string accounts_text(const StatTotals& totals) {
  if (totals.accounts == totals.incidents) return "";
  return " (in " + std::to_string(totals.accounts) + " accounts)";
}

}  // namespace

std::string statistics_text(const Statistics& statistics, const Codes& codes,
                            std::string_view language) {
  const StatTotals& totals = statistics.totals;
  std::string text =
      std::to_string(totals.reports) + " reports, " + std::to_string(totals.incidents) +
      " incidents" + accounts_text(totals) + ", " + std::to_string(totals.acts) + " acts, at least " +
      std::to_string(totals.victims) + " victims\n" + std::to_string(totals.headline) +
      " incidents of violent attack on people returned, blocked or waiting\n" +
      "Codes are proposals where nobody confirmed any. Not a random sample: these "
      "are reports, no measure of how much happens.\n";
  for (const StatTable& table : statistics.tables)
    if (table.of > 0) text += table_text(table, codes, language);
  return text;
}

}  // namespace resguardo::analyst
