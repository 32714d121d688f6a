// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/search.h"

#include <boost/json.hpp>

#include "analyst/commands/custody.h"
#include "analyst/commands/logs.h"
#include "analyst/vault/vault_search.h"
#include "program/json_output.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using program::at;
using program::Outcome;
using program::Problem;

// In a line: what was said in several stands in one.
std::string one_line(std::string snippet) {
  for (char& letter : snippet)
    if (letter == '\n' || letter == '\r') letter = ' ';
  return snippet;
}

void print_found(const VaultSearch::Found& found, Call& call) {
  json::array reports;
  program::Table table({"report", "day", "language", "words"});
  for (const VaultSearch::Hit& hit : found.hits) {
    const std::string id = to_hex(hit.report.view());
    if (call.console.json())
      reports.push_back({{"report", id},
                         {"day", to_string(hit.day)},
                         {"language", program::json_text(hit.language)},
                         {"snippet", program::json_text(hit.snippet)}});
    else
      table.add({id.substr(0, 8), to_string(hit.day), hit.language, one_line(hit.snippet)});
  }
  if (call.console.json())
    call.console.print(json::object{{"reports", reports}, {"more", found.more}});
  else
    call.console.print(found.hits.empty() ? "no report has these words\n" : table.text());
}

}  // namespace

Outcome<Done> search_reports(const SearchOptions& options, Call& call) {
  RESGUARDO_TRY(Vault vault, open_vault_of(options.vault, call));
  VaultSearch search(vault);
  RESGUARDO_TRY(const std::size_t fresh, at("vault", search.index_missing()));
  if (fresh > 0)
    call.console.note(std::to_string(fresh) +
                      " reports from before there was an index are in it now");
  RESGUARDO_TRY(const auto found, at("WORD", search.find(options.words, options.limit)));
  std::vector<ReportId> reports;
  for (const VaultSearch::Hit& hit : found.hits) reports.push_back(hit.report);
  JournalFact fact = journal_fact(JournalKind::kSearched, std::move(reports));
  fact.note = "search";
  RESGUARDO_CHECK(keep_in_journal(vault, options.vault.as, fact, call));
  print_found(found, call);
  if (found.more)
    call.console.note("there are more: --limit shows them, another word leaves some out");
  return Done{};
}

}  // namespace resguardo::analyst
