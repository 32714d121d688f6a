// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/cli_parts.h"
#include "analyst/commands/codes.h"
#include "analyst/commands/duplicates.h"
#include "analyst/commands/export_profile.h"
#include "analyst/commands/incidents.h"

namespace resguardo::analyst {
void add_filter(CLI::App& app, FilterOptions& filter, Filters which) {
  const auto code = [&](const char* name, std::string& value, const char* what) {
    app.add_option(name, value, what)->type_name("CODE")->group("Which incidents");
  };
  if (which != Filters::kOfASet)
    app.add_option("--set", filter.set, "A question that `set save` kept; what is given here, too")
        ->type_name("NAME")
        ->group("Which incidents");
  app.add_option("--since", filter.since, "That may have happened on or after")
      ->type_name("DAY")
      ->group("Which incidents");
  app.add_option("--until", filter.until, "That may have happened on or before")
      ->type_name("DAY")
      ->group("Which incidents");
  code("--place", filter.codes.place,
       "A country, an area, or a place and its mirror (MX, MX-TAM, mx-reynosa)");
  code("--actor", filter.codes.actor, "Who did it, or anybody below (US-GOV)");
  code("--category", filter.codes.category, "Of the published counts (kidnapping)");
  code("--violation", filter.codes.violation, "Or any that begins with it (sexual)");
  code("--policy", filter.codes.policy, "Reported, in force or confirmed (T42)");
  code("--nationality", filter.codes.nationality, "Of a victim (HT)");
  code("--us-link", filter.codes.us_link, "returned, blocked, waiting, not_yet, no");
  code("--level", filter.codes.level, "Of verification (credible)");
  code("--risk", filter.codes.risk, "A flag of the report (ACTIVE_DANGER)");
  if (which != Filters::kOfAnExport)
    code("--purpose", filter.codes.purpose, "That the reporter agreed to (publish)");
  code("--stream", filter.codes.stream, "bot or interview");
  code("--tag", filter.codes.tag, "That an analyst gave the report");
}

namespace {

void add_export(CLI::App& app, CommandLine& line) {
  auto [exporting, exporting_told] = leaf_with(
      app, "export", "Write reports to a file and a manifest beside it", line, export_reports);
  exporting
      .add_option("--format", exporting_told.format,
                  "csv, geojson, html, hxl, ndjson, tables or xlsx")
      ->type_name("NAME")
      ->required();
  exporting
      .add_option("--purpose", exporting_told.purpose,
                  "Only reports whose reporters agreed to it (default: research)")
      ->type_name("CODE");
  exporting.add_flag(
      "--despite-consent", exporting_told.despite_consent,
      "Also reports that do not allow it, for your own keeping; the manifest says so");
  exporting
      .add_option("--out", exporting_told.out,
                  "The file, or the folder of tables; never overwritten")
      ->type_name("FILE")
      ->required();
  exporting
      .add_option("--media", exporting_told.media,
                  "Also write the photos, voice notes and other files that people sent, opened, "
                  "into this new folder")
      ->type_name("DIR");
  exporting
      .add_option("--language", exporting_told.language,
                  "Of a page: en or es; its codes' names in the others too (default: en)")
      ->type_name("CODE");
  exporting.add_flag("--exact", exporting_told.exact,
                     "A page for yourselves: small numbers and every incident as they are");
  exporting
      .add_option("--profile", exporting_told.profile,
                  "For whom: full (as it was told), internal (no words), partner (nothing "
                  "sensitive, weeks and cities) or public (at least 5 alike); default: full")
      ->type_name("NAME");
  add_filter(exporting, exporting_told.filter, Filters::kOfAnExport);
  add_vault(exporting, exporting_told.vault);
  auto [releases, releases_told] =
      leaf_with(app, "releases", "What was exported for the public", line, list_releases);
  add_vault(releases, releases_told);
  auto [verify, verify_told] = leaf_with(
      app, "verify-export", "Whether an export is as it was written", line, verify_export);
  verify.add_option("OUT", verify_told.out, "What it was called: the file, or the folder")
      ->required();
  auto* roster =
      verify.add_option("--roster", verify_told.roster, "That must name whose vault signed it");
  auto* root = verify.add_option("--root", verify_told.root, "Root public key (hex or file)");
  roster->type_name("FILE")->needs(root);
  root->type_name("KEY")->needs(roster);
  verify.add_option("--media", verify_told.media, "Also the folder of files that --media made")
      ->type_name("DIR");
}

void add_duplicates(CLI::App& app, CommandLine& line) {
  auto [duplicates, told] =
      leaf_with(app, "duplicates", "Incidents that may be one, told twice or by several", line,
                find_duplicates);
  duplicates
      .add_option("INCIDENT", told.pair, "Two of them, to see side by side (1a2b3c4d-1 5e6f7a8b-1)")
      ->expected(0, 2);
  duplicates
      .add_option("--decide", told.outcome,
                  "What these two are: duplicate (one person, one incident), corroboration "
                  "(different people, one incident), new-incident (one person, another incident), "
                  "mass-event, unrelated")
      ->type_name("OUTCOME");
  duplicates.add_option("--reason", told.reason, "Why; written down with it")->type_name("TEXT");
  duplicates.add_flag("--review", told.review, "Also pairs that are only worth a look");
  duplicates.add_flag("--clusters", told.clusters, "What was decided to be one");
  duplicates.add_option("--limit", told.limit, "Show at most so many (default 50)")
      ->check(CLI::Range(1, 100000))
      ->type_name("N");
  add_vault(duplicates, told.vault);
}

}  // namespace

void add_incidents(CLI::App& app, CommandLine& line) {
  add_export(app, line);
  auto [incidents, incidents_told] =
      leaf_with(app, "incidents", "One line for each incident told of", line, list_incidents);
  add_filter(incidents, incidents_told.filter, Filters::kOfIncidents);
  add_vault(incidents, incidents_told.vault);
  auto [stats, stats_told] = leaf_with(app, "stats", "How many incidents, by what is asked of them",
                                       line, show_statistics);
  stats.add_option("--out", stats_told.out, "Also write every table to this CSV file")
      ->type_name("FILE");
  stats
      .add_option("--profile", stats_told.profile,
                  "For whom: internal (exact; default) or public (small numbers protected, in the "
                  "ledger of releases)")
      ->type_name("NAME");
  stats.add_option("--language", stats_told.language, "Of the codes' names (default: en)")
      ->type_name("CODE");
  add_filter(stats, stats_told.filter, Filters::kOfIncidents);
  add_vault(stats, stats_told.vault);
  add_duplicates(app, line);
  auto [codes, codes_told] =
      leaf_with(app, "codes", "The codes that filters take and answers propose", line, list_codes);
  codes.add_option("KIND", codes_told.kind,
                   "categories, violations, actors, policies, nationalities, levels, risks or "
                   "purposes (default: all)");
  codes.add_option("--language", codes_told.language, "Of their names (default: en)")
      ->type_name("CODE");
}

}  // namespace resguardo::analyst
