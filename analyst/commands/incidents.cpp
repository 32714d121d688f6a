// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/incidents.h"

#include <boost/json.hpp>

#include "analyst/commands/custody.h"
#include "analyst/incident/filter_json.h"
#include "analyst/incident/incident_json.h"
#include "analyst/vault/vault_pairs.h"
#include "analyst/vault/vault_sets.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

using program::at;
using program::Outcome;

Outcome<Done> read_day(const std::string& text, const char* option, std::optional<Day>& day) {
  if (text.empty()) return Done{};
  day = parse_day(text);
  if (!day) return program::usage_problem(option, "is no day", "write it as 2026-11-21");
  return Done{};
}

std::string joined(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : " ") + value;
  return text;
}

std::string where_text(const Where& where) {
  if (!where.name.empty()) return where.name;
  if (!where.area.empty()) return where.area;
  return where.country;
}

std::string who_text(const Incident& incident) {
  std::string text;
  for (const Involvement& one : incident.involvements)
    text += (text.empty() ? "" : " ") + one.actor +
            (one.acquiescence.empty() ? "" : "(" + one.acquiescence + ")");
  return text;
}

void add_incident_line(const ReportView& view, const CodedReport& report, const Incident& incident,
                       const Codes& codes, program::Table& table) {
  table.add({incident_name(report.id, incident.number), incident.when.edtf,
             where_text(incident.where), joined(incident.categories(codes)), who_text(incident),
             incident.us_link, incident.victim_band, incident.level, joined(report.risks),
             flags_text(view.flags, " ")});
}

Outcome<NamedFilter> set_called(const std::string& name, OpenVault& open) {
  if (name.empty()) return NamedFilter{};
  RESGUARDO_TRY(const KeptSet set, at("--set " + program::visible(name),
                                      VaultSets(open.vault).called(name), "`set list` names them"));
  RESGUARDO_TRY(IncidentFilter filter, at("--set " + name, parse_filter(set.filter)));
  return NamedFilter{set.name, std::move(filter)};
}

Outcome<Done> codes_are_known(const IncidentFilter& filter, const std::string& option,
                              const Codes& codes, const FormShelf& forms) {
  const std::string unknown = unknown_code_in(filter, codes, forms);
  if (!unknown.empty())
    return program::usage_problem(option + unknown, "is no code of that kind",
                                  "`codes` names them");
  return Done{};
}

}  // namespace

Outcome<IncidentChoice> IncidentChoice::of(const FilterOptions& options, OpenVault& open) {
  RESGUARDO_TRY(ReportCoder coder, at("codes", ReportCoder::built_in()));
  IncidentFilter filter = options.codes;
  RESGUARDO_CHECK(read_day(options.since, "--since", filter.since));
  RESGUARDO_CHECK(read_day(options.until, "--until", filter.until));
  RESGUARDO_CHECK(codes_are_known(filter, "--", coder.codes(), open.forms));
  RESGUARDO_TRY(NamedFilter set, set_called(options.set, open));
  RESGUARDO_CHECK(codes_are_known(set.filter, "--set: ", coder.codes(), open.forms));
  return IncidentChoice(std::move(coder), std::move(filter), std::move(set));
}

// Of the set and of what was asked besides.
FilterMatch IncidentChoice::match(const CodedReport& report, const Incident& incident) const {
  const FilterMatch of_set = matches(set_.filter, report, incident, codes());
  if (of_set == FilterMatch::kNotWanted) return of_set;
  const FilterMatch besides = matches(filter_, report, incident, codes());
  return besides == FilterMatch::kWanted ? of_set : besides;
}

CodedReport IncidentChoice::wanted(const ReportView& view, const FormShelf& forms) {
  CodedReport report = coder_.code(view, forms);
  note_clusters(clusters_, report);
  if (!forms.contains(view.form)) ++without_form_;
  seen_ += report.incidents.size();
  std::erase_if(report.incidents, [&](const Incident& incident) {
    const FilterMatch found = match(report, incident);
    if (found == FilterMatch::kDayUnknown) ++without_day_;
    return found != FilterMatch::kWanted;
  });
  shown_.insert(shown_.end(), report.incidents.size(), report.id);
  return report;
}

Outcome<Done> IncidentChoice::start_over(OpenVault& open) {
  RESGUARDO_TRY(clusters_, at(open.where, clusters_of(open.vault)));
  seen_ = without_day_ = without_form_ = 0;
  shown_.clear();
  return Done{};
}

Outcome<Done> IncidentChoice::walk(OpenVault& open, const Visitor& visitor) {
  RESGUARDO_CHECK(start_over(open));
  return walk_reports(open, [&](const ReportView& view) -> Outcome<Done> {
    const CodedReport report = wanted(view, open.forms);
    for (const Incident& incident : report.incidents)
      RESGUARDO_CHECK(visitor(view, report, incident));
    return Done{};
  });
}

Outcome<Done> IncidentChoice::keep_in_journal(OpenVault& open, const VaultOptions& options,
                                              const char* command, Call& call) const {
  JournalFact fact = journal_fact(JournalKind::kSearched, shown_);
  fact.note = command;
  return analyst::keep_in_journal(open.vault, options.as, fact, call);
}

void IncidentChoice::tell_left_out(Call& call) const {
  if (without_day_ > 0)
    call.console.note(std::to_string(without_day_) +
                      " more incidents would be here if it were known when they were");
  if (without_form_ > 0)
    call.console.warn(std::to_string(without_form_) +
                      " reports are left out: their questionnaire did not come along");
}

Outcome<Done> list_incidents(const IncidentOptions& options, Call& call) {
  RESGUARDO_TRY(OpenVault open, open_vault(options.vault, call));
  RESGUARDO_TRY(IncidentChoice choice, IncidentChoice::of(options.filter, open));
  boost::json::array incidents;
  program::Table table({"incident", "when", "where", "categories", "who", "us-link", "victims",
                        "level", "risks", "flags"});
  RESGUARDO_CHECK(choice.walk(open,
                              [&](const ReportView& view, const CodedReport& report,
                                  const Incident& incident) -> Outcome<Done> {
                                if (call.console.json())
                                  incidents.push_back(
                                      incident_json(report, incident, choice.codes()));
                                else
                                  add_incident_line(view, report, incident, choice.codes(), table);
                                return Done{};
                              }));
  RESGUARDO_CHECK(choice.keep_in_journal(open, options.vault, "incidents", call));
  if (call.console.json())
    call.console.print(boost::json::object{{"incidents", std::move(incidents)}});
  else
    call.console.print(table.text());
  choice.tell_left_out(call);
  return tell_locked(open, call);
}

}  // namespace resguardo::analyst
