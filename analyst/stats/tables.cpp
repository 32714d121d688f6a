// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/stats/tables.h"

#include <algorithm>
#include <array>

namespace resguardo::analyst {

struct Tally::Table {
  using Values = std::vector<std::string> (*)(const CodedReport&, const Incident&, const Codes&);
  const char* id;
  const char* title;
  Values rows = nullptr;
  Values columns = nullptr;     // none: only counted
  const char* field = nullptr;  // instead of rows: what was answered, where it was asked
};

namespace {

using Values = std::vector<std::string>;
constexpr const char* kUnknown = "unknown";
constexpr const char* kIncidents = "incidents";

Values or_unknown(Values values) {
  std::erase(values, "");
  if (values.empty()) values.emplace_back(kUnknown);
  return values;
}

Values categories(const CodedReport&, const Incident& incident, const Codes& codes) {
  return or_unknown(incident.categories(codes));
}

// The month, if the day is known that well.
Values month(const CodedReport&, const Incident& incident, const Codes&) {
  if (!incident.when.days) return {kUnknown};
  const std::string first = to_string(incident.when.days->first).substr(0, 7);
  const std::string last = to_string(incident.when.days->last).substr(0, 7);
  return {first == last ? first : kUnknown};
}
Values month_of_report(const CodedReport& report, const Incident&, const Codes&) {
  return {to_string(report.received).substr(0, 7)};
}

Values place(const CodedReport&, const Incident& incident, const Codes&) {
  const Where& where = incident.where;
  return or_unknown({!where.place.empty()  ? where.place
                     : !where.area.empty() ? where.area
                                           : where.country});
}

template <std::string Victim::* kField>
Values of_victims(const CodedReport&, const Incident& incident, const Codes&) {
  Values values;
  for (const Victim& victim : incident.victims)
    if (std::find(values.begin(), values.end(), victim.*kField) == values.end())
      values.push_back(victim.*kField);
  return or_unknown(std::move(values));
}

Values actors(const CodedReport&, const Incident& incident, const Codes&) {
  std::set<std::string> actors;
  for (const Involvement& one : incident.involvements) actors.insert(one.actor);
  return or_unknown({actors.begin(), actors.end()});
}

// A state's own agents, its acquiescence, or neither.
Values state(const CodedReport&, const Incident& incident, const Codes& codes) {
  bool acts = false, lets = false, others = false;
  for (const Involvement& one : incident.involvements) {
    const auto* actor = codes.actor(one.actor);
    const bool of_a_state = actor != nullptr && actor->sector() == "state";
    lets = lets || !one.acquiescence.empty();
    acts = acts || (of_a_state && one.acquiescence.empty());
    others = others || (actor != nullptr && !of_a_state && actor->sector() != kUnknown);
  }
  return {acts ? "state_actor" : lets ? "acquiescence_only" : others ? "no_state" : kUnknown};
}

Values role(const CodedReport& report, const Incident&, const Codes&) {
  return or_unknown(values_of(report.fields, "source.connection"));
}

Values us_link(const CodedReport&, const Incident& incident, const Codes&) {
  return or_unknown({incident.us_link});
}
Values children(const CodedReport&, const Incident& incident, const Codes&) {
  return or_unknown({incident.child_band});
}
Values stream(const CodedReport& report, const Incident&, const Codes&) {
  return {report.stream};
}
Values language(const CodedReport& report, const Incident&, const Codes&) {
  return or_unknown({report.language});
}
Values level(const CodedReport&, const Incident& incident, const Codes&) {
  return {incident.level};
}
Values policies(const CodedReport&, const Incident& incident, const Codes&) {
  Values values;
  for (const CodedValue& policy : incident.policies)
    if (policy.standing == CodeStanding::kReported || policy.standing == CodeStanding::kConfirmed)
      if (std::find(values.begin(), values.end(), policy.code) == values.end())
        values.push_back(policy.code);
  return or_unknown(std::move(values));
}

// Which of what is always asked is missing.
Values missing(const CodedReport& report, const Incident& incident, const Codes& codes) {
  Values values;
  if (!incident.when.days) values.emplace_back("day");
  if (incident.where.country.empty()) values.emplace_back("country");
  if (incident.where.place.empty()) values.emplace_back("place");
  if (incident.involvements.empty()) values.emplace_back("perpetrator");
  if (incident.us_link.empty()) values.emplace_back("us_link");
  if (of_victims<&Victim::nationality>(report, incident, codes).front() == kUnknown)
    values.emplace_back("nationality");
  if (of_victims<&Victim::gender>(report, incident, codes).front() == kUnknown)
    values.emplace_back("gender");
  if (values.empty()) values.emplace_back("nothing");
  return values;
}

// To add a table: a line here; its id is never renamed.
constexpr auto kTables = std::to_array<Tally::Table>({
    {"category_by_month", "Category and month of the incident", categories, month},
    {"month_of_report", "Month of the report", month_of_report},
    {"place_by_category", "City, crossing or area, and category", place, categories},
    {"nationality", "Nationality", of_victims<&Victim::nationality>},
    {"gender", "Gender", of_victims<&Victim::gender>},
    {"age_band", "Age", of_victims<&Victim::age_band>},
    {"children", "Children among the victims", children},
    {"perpetrator_by_category", "Perpetrator and category", actors, categories},
    {"state_involvement", "State involvement or acquiescence", state},
    {"us_link", "Returned, blocked or waiting because of the United States", us_link},
    {"policy", "Policy, as reported or confirmed", policies},
    {"abduction_place", "Where they were taken", nullptr, nullptr, "act.kidnapping.abduction_site"},
    {"captivity", "How long they were held for ransom", nullptr, nullptr,
     "act.kidnapping.duration"},
    {"ransom", "Ransom", nullptr, nullptr, "act.kidnapping.ransom"},
    {"asylum_denial_by_place", "Denial of asylum, and where", nullptr, place,
     "act.asylum.denial_form"},
    {"expressed_fear", "Said that they were afraid to go back", nullptr, nullptr,
     "act.asylum.expressed_fear"},
    {"expulsion_conditions", "How they were expelled", nullptr, nullptr,
     "act.expulsion.conditions"},
    {"complaint", "Complaint made, or why not", nullptr, nullptr, "intervention.complaint"},
    {"stream", "How it was told", stream},
    {"language", "Language", language},
    {"role", "Who told it", role},
    {"verification", "Level of verification", level},
    {"missing", "What is missing", missing},
});

// The lower end of a band: "2_5", "over_100", "1".
std::uint64_t at_least(const std::string& band) {
  const auto digits = band.find_first_of("0123456789");
  if (digits == std::string::npos) return 1;
  const std::uint64_t number = std::strtoull(band.c_str() + digits, nullptr, 10);
  return std::max<std::uint64_t>(band.starts_with("over_") ? number + 1 : number, 1);
}

bool in_headline(const Incident& incident, const Codes& codes) {
  if (!incident.us_linked()) return false;
  const auto categories = incident.categories(codes);
  return std::any_of(categories.begin(), categories.end(), [&](const std::string& code) {
    return codes.category(code)->in_headline_count();
  });
}

// The most frequent first, then by code; what is unknown at the end.
void put_in_order(std::vector<StatTable::Row>& rows) {
  std::sort(rows.begin(), rows.end(), [](const StatTable::Row& a, const StatTable::Row& b) {
    const bool a_last = a.code == kUnknown, b_last = b.code == kUnknown;
    return std::tuple(a_last, b.incidents, a.code) < std::tuple(b_last, a.incidents, b.code);
  });
}

std::vector<std::string> columns_of(
    const std::map<std::string, std::map<std::string, std::uint64_t>>& cells) {
  std::set<std::string> columns;
  for (const auto& [row, counts] : cells)
    for (const auto& [column, count] : counts) columns.insert(column);
  const bool unknown = columns.erase(kUnknown) > 0;
  std::vector<std::string> ordered(columns.begin(), columns.end());
  if (unknown) ordered.emplace_back(kUnknown);
  return ordered;
}

}  // namespace

Tally::Tally(const Codes& codes) : codes_(codes), counted_(kTables.size()) {}

void Tally::add(const CodedReport& report, const Incident& incident) {
  reports_.insert(report.id);
  ++totals_.accounts;
  if (!incident.cluster.empty() && !clusters_.insert(incident.cluster).second) return;
  ++totals_.incidents;
  ++totals_.incidents_by_stream[report.stream];
  totals_.acts += standing_codes(incident.violations).size();
  totals_.victims += at_least(incident.victim_band);
  if (in_headline(incident, codes_)) ++totals_.headline;
  for (std::size_t i = 0; i < kTables.size(); ++i) {
    const Table& table = kTables.at(i);
    if (table.field != nullptr && !incident.fields.contains(table.field)) continue;
    Counted& counted = counted_[i];
    ++counted.of;
    const Values columns =
        table.columns == nullptr ? Values{kIncidents} : table.columns(report, incident, codes_);
    const Values rows = table.field == nullptr
                            ? table.rows(report, incident, codes_)
                            : or_unknown(values_of(incident.fields, table.field));
    for (const std::string& row : rows) {
      ++counted.rows[row];
      for (const std::string& column : columns) ++counted.cells[row][column];
    }
  }
}

Statistics Tally::statistics() const {
  Statistics all;
  all.totals = totals_;
  all.totals.reports = reports_.size();
  for (std::size_t i = 0; i < kTables.size(); ++i) {
    const Counted& counted = counted_[i];
    StatTable table{
        kTables.at(i).id, kTables.at(i).title, columns_of(counted.cells), {}, counted.of};
    for (const auto& [code, incidents] : counted.rows) {
      StatTable::Row row{code, {}, incidents};
      for (const std::string& column : table.columns) {
        const auto& cells = counted.cells.at(code);
        const auto cell = cells.find(column);
        row.counts.push_back(cell == cells.end() ? 0 : cell->second);
      }
      table.rows.push_back(std::move(row));
    }
    put_in_order(table.rows);
    all.tables.push_back(std::move(table));
  }
  return all;
}

}  // namespace resguardo::analyst
