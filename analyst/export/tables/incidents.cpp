// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <array>

#include "analyst/export/tables/act_fields.h"
#include "analyst/export/tables/cells.h"

namespace resguardo::analyst {
namespace {

using Type = ColumnType;
using Guard = ColumnGuard;
using program::Outcome;

std::string day_cell(const std::optional<DaySpan>& days, Day DaySpan::* day) {
  return days ? to_string((*days).*day) : "";
}

std::string policies_of_standing(const Incident& incident,
                                 std::initializer_list<CodeStanding> all) {
  std::vector<std::string> codes;
  for (const CodedValue& policy : incident.policies)
    if (std::find(all.begin(), all.end(), policy.standing) != all.end() &&
        std::find(codes.begin(), codes.end(), policy.code) == codes.end())
      codes.push_back(policy.code);
  return in_one_cell(codes);
}

template <std::string Victim::* kField>
std::string of_each_victim(const TableRow& row) {
  std::vector<std::string> values;
  for (const Victim& victim : row.incident->victims) values.push_back(victim.*kField);
  return in_one_cell(values);
}

// Words that no column of their own has: "field: words", a line each.
std::string other_words(const TableRow& row) {
  std::string text;
  for (const auto& [field, said] : row.incident->words)
    if (field != "event.description" && field != "place.point")
      text.append(text.empty() ? "" : "\n")
          .append(field)
          .append(": ")
          .append(words_cell(row.incident->words, field));
  return text;
}

bool has_a_column(std::string_view field);

// What a newer questionnaire asks and no column has: "field=code", so that nothing is lost.
std::string other_fields(const TableRow& row) {
  std::vector<std::string> texts;
  for (const auto& [field, values] : row.incident->fields)
    for (const std::string& value : values)
      if (!has_a_column(field)) texts.push_back(field + "=" + value);
  return in_one_cell(texts);
}

constexpr auto kOwnColumns = std::to_array<TableColumn>({
    {"incident_id", Type::kId, Guard::kOpen, "Of this incident: its report and number", "",
     incident_id},
    {"report_id", Type::kId, Guard::kOpen, "The report that tells of it", "", report_id},
    {"incident_number", Type::kNumber, Guard::kOpen, "Within the report", "",
     [](const TableRow& row) { return number_cell(row.incident->number); }},
    {"cluster_id", Type::kId, Guard::kOpen,
     "Accounts that people decided are of one incident have one; empty: it is the only one", "",
     [](const TableRow& row) { return row.incident->cluster; }},
    {"n_sources", Type::kNumber, Guard::kSensitive,
     "Reports that tell of it, also those that are not in this export", "",
     [](const TableRow& row) { return number_cell(row.incident->sources); }},
    {"independent_sources", Type::kNumber, Guard::kSensitive, "People who told it, of these", "",
     [](const TableRow& row) { return number_cell(row.incident->independent_sources); }},
    {"source_stream", Type::kText, Guard::kOpen, "How it came: bot or interview", "",
     [](const TableRow& row) { return row.report->stream; }},
    {"report_date", Type::kDay, Guard::kQuasi, "Day on which the report came", "",
     [](const TableRow& row) { return to_string(row.report->received); }},
    {"incident_date", Type::kEdtf, Guard::kQuasi, "When it was, as far as it was told", "",
     [](const TableRow& row) { return row.incident->when.edtf; }},
    {"date_first", Type::kDay, Guard::kQuasi, "First day on which it may have been", "",
     [](const TableRow& row) { return day_cell(row.incident->when.days, &DaySpan::first); }},
    {"date_last", Type::kDay, Guard::kQuasi, "Last day on which it may have been", "",
     [](const TableRow& row) { return day_cell(row.incident->when.days, &DaySpan::last); }},
    {"date_precision", Type::kCode, Guard::kOpen, "How exact the date is", "map:date_precision",
     [](const TableRow& row) { return row.incident->when.precision; }},
    {"country", Type::kCode, Guard::kOpen, "ISO 3166-1", "",
     [](const TableRow& row) { return row.incident->where.country; }},
    {"adm1", Type::kCode, Guard::kOpen, "State or department, ISO 3166-2", "",
     [](const TableRow& row) { return row.incident->where.area; }},
    {"adm2_inegi", Type::kCode, Guard::kQuasi, "Municipality of Mexico, INEGI", "",
     [](const TableRow& row) { return row.incident->where.municipality; }},
    {"place_code", Type::kCode, Guard::kQuasi, "Place of the questionnaire's gazetteer", "",
     [](const TableRow& row) { return row.incident->where.place; }},
    {"place", Type::kText, Guard::kQuasi, "Its name", "",
     [](const TableRow& row) { return row.incident->where.name; }},
    {"place_candidates", Type::kCodes, Guard::kQuasi, "Places that the words may mean", "",
     [](const TableRow& row) { return in_one_cell(row.incident->where.candidates); }},
    {"lat", Type::kNumber, Guard::kQuasi, "Middle of the place, WGS 84", "",
     [](const TableRow& row) { return degrees_cell(row.incident->where.latitude); }},
    {"lon", Type::kNumber, Guard::kQuasi, "Middle of the place, WGS 84", "",
     [](const TableRow& row) { return degrees_cell(row.incident->where.longitude); }},
    {"geo_precision", Type::kCode, Guard::kOpen, "How exact the place is", "map:geo_precision",
     [](const TableRow& row) { return row.incident->where.precision; }},
    {"location_type", Type::kCode, Guard::kOpen, "Kind of place", "field:place.location_type"},
    {"us_link", Type::kCode, Guard::kOpen, "What it has to do with the United States",
     "field:event.us_policy_link", [](const TableRow& row) { return row.incident->us_link; }},
    {"policy_reported", Type::kCodes, Guard::kOpen, "Policy that was named", "policies",
     [](const TableRow& row) {
       return policies_of_standing(*row.incident, {CodeStanding::kReported});
     }},
    {"policy_derived", Type::kCodes, Guard::kOpen,
     "In force on that day; not a statement of anybody", "policies",
     [](const TableRow&
            row) { return policies_of_standing(*row.incident, {CodeStanding::kProposed}); }},
    {"policy", Type::kCodes, Guard::kOpen, "Policy that was named or confirmed", "policies",
     [](const TableRow& row) {
       return policies_of_standing(*row.incident,
                                   {CodeStanding::kReported, CodeStanding::kConfirmed});
     }},
    {"victims", Type::kCode, Guard::kQuasi, "How many victims, a band",
     "field:event.victim_count_band",
     [](const TableRow& row) { return row.incident->victim_band; }},
    {"children", Type::kCode, Guard::kSensitive, "How many children among them, a band",
     "field:event.child_count_band", [](const TableRow& row) { return row.incident->child_band; }},
    {"motive", Type::kCodes, Guard::kSensitive, "Apparent motive", "field:event.apparent_motive"},
    {"pattern", Type::kCode, Guard::kOpen, "Once or several times", "field:event.pattern"},
    {"witnesses", Type::kCode, Guard::kOpen, "Whether others saw it",
     "field:event.other_witnesses"},
    {"complaint", Type::kCode, Guard::kOpen, "Complaint made, or why not",
     "field:intervention.complaint"},
    {"evidence_available", Type::kCodes, Guard::kOpen, "Evidence that there is said to be",
     "field:evidence.available"},
    {"verification", Type::kCode, Guard::kOpen, "Level of verification", "levels",
     [](const TableRow& row) { return row.incident->level; }},
    {"description", Type::kWords, Guard::kWords, "What happened, in their own words", "",
     [](const TableRow& row) { return words_cell(row.incident->words, "event.description"); }},
    {"place_words", Type::kWords, Guard::kWords, "Where, in their own words", "",
     [](const TableRow& row) { return words_cell(row.incident->words, "place.point"); }},
    {"other_words", Type::kWords, Guard::kWords, "What else they wrote, by field", "", other_words},
    {"pin", Type::kText, Guard::kDirect, "Latitude and longitude that were sent",
     "field:place.point"},
    {"other_fields", Type::kText, Guard::kSensitive, "Answers that no column has", "",
     other_fields},
});

constexpr auto kJoinedColumns = std::to_array<TableColumn>({
    {"violation", Type::kCodes, Guard::kOpen, "Violations that stand", "violations",
     [](const TableRow& row) { return in_one_cell(standing_codes(row.incident->violations)); }},
    {"hrf_category", Type::kCodes, Guard::kOpen, "Categories of the published counts", "categories",
     [](const TableRow& row) { return in_one_cell(row.incident->categories(*row.codes)); }},
    {"perpetrator", Type::kCodes, Guard::kOpen, "Who did it, or let it happen", "actors",
     [](const TableRow& row) { return in_one_cell(row.incident->actors()); }},
    {"nationality", Type::kCodes, Guard::kQuasi, "Of each victim", "nationalities",
     of_each_victim<&Victim::nationality>},
    {"gender", Type::kCodes, Guard::kQuasi, "Of each victim", "field:reporter.gender",
     of_each_victim<&Victim::gender>},
    {"age_band", Type::kCodes, Guard::kQuasi, "Of each victim", "field:reporter.age_band",
     of_each_victim<&Victim::age_band>},
    {"risks", Type::kCodes, Guard::kSensitive, "What is to be read first", "flags",
     [](const TableRow& row) { return in_one_cell(row.report->risks); }},
    {"consent", Type::kCodes, Guard::kOpen, "Purposes that the reporter agreed to", "purposes",
     [](const TableRow& row) { return in_one_cell(row.report->consent); }},
    {"language", Type::kCode, Guard::kQuasi, "Of the conversation", "languages",
     [](const TableRow& row) { return row.report->language; }},
});

template <std::size_t kFirst, std::size_t kSecond, std::size_t kThird>
constexpr std::array<TableColumn, kFirst + kSecond + kThird> together(
    const std::array<TableColumn, kFirst>& first, const std::array<TableColumn, kSecond>& second,
    const std::array<TableColumn, kThird>& third) {
  std::array<TableColumn, kFirst + kSecond + kThird> all{};
  std::copy(first.begin(), first.end(), all.begin());
  std::copy(second.begin(), second.end(), all.begin() + kFirst);
  std::copy(third.begin(), third.end(), all.begin() + kFirst + kSecond);
  return all;
}
constexpr auto kFlatColumns = together(kOwnColumns, kJoinedColumns, kActFields);

// Fields that other tables and columns hold by another way.
constexpr auto kElsewhere = std::to_array<std::string_view>(
    {"act.type", "event.initial_date", "event.us_policy_reported", "involvement.actor",
     "involvement.state_acquiescence", "place.country", "place.gazetteer_code",
     "victim.characteristics", "perpetrator.identifiers", "involvement.degree",
     "report.incident_count"});

bool has_a_column(std::string_view field) {
  return std::find(kElsewhere.begin(), kElsewhere.end(), field) != kElsewhere.end() ||
         std::any_of(kFlatColumns.begin(), kFlatColumns.end(), [&](const TableColumn& column) {
           return column.labels.starts_with("field:") && column.labels.substr(6) == field;
         });
}

Outcome<Done> each_incident(const TableRow& about, const RowVisitor& visitor) {
  for (const Incident& incident : about.report->incidents) {
    TableRow row = about;
    row.incident = &incident;
    RESGUARDO_CHECK(visitor(row));
  }
  return Done{};
}

}  // namespace

constinit const Table kIncidentTable = {"incidents", "One row for each incident", kOwnColumns,
                                        each_incident};
constinit const Table kFlatTable = {"incidents_flat",
                                    "One row for each incident, with what the other tables say of "
                                    "it; several codes stand in one cell",
                                    kFlatColumns, each_incident};

}  // namespace resguardo::analyst
