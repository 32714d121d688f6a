// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/tables/table.h"

#include <gmock/gmock.h>

#include <set>

#include "analyst/export/tables/codebook.h"
#include "analyst/incident/decisions.h"
#include "tests/analyst/incident/told_report.h"

namespace resguardo::analyst {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing_support::ToldSample;

class ExportTablesTest : public ::testing::Test {
 protected:
  // One column of every row of a table.
  static std::vector<std::string> column(const char* table, const char* code, ToldSample& told) {
    const ReportView view = told.view();
    const CodedReport report = ToldSample::coded(view);
    return column(table, code, view, report);
  }
  static std::vector<std::string> column(const char* table, const char* code,
                                         const ReportView& view, const CodedReport& report) {
    const Table& found = export_table(table);
    EXPECT_EQ(found.name, table);
    const TableColumn* wanted = column_of(found, code);
    if (wanted == nullptr) throw std::runtime_error(code);
    std::vector<std::string> cells;
    EXPECT_TRUE(found
                    .rows({.view = &view, .report = &report, .codes = &ToldSample::codes()},
                          [&](const TableRow& row) -> program::Outcome<Done> {
                            cells.push_back(cell_of(*wanted, row));
                            return Done{};
                          })
                    .ok());
    return cells;
  }
  // Two victims, one of them robbed and both beaten by cartel and police, in an interview.
  static ToldSample two_victims() {
    ToldSample told;
    told.codes("role", {"interviewer"}).codes("event_what", {"taking", "physical", "kidnapping"});
    told.codes("perp_kind", {"organised_crime", "mx_authority"}).codes("perp_mx", {"MX-GN"});
    told.codes("victim_gender", {"woman"}, {0, 0}).codes("victim_acts", {"taking"}, {0, 0});
    told.codes("victim_gender", {"man"}, {0, 1});
    told.codes("tak_kind", {"robbery"})
        .codes("kid_time", {"1_3_days"})
        .codes("rob_items", {"phone"});
    told.words("story", "=1+1", {0}).day("2021-05-03", "day").place("mx-reynosa", "city");
    return told;
  }
};

TEST_F(ExportTablesTest, EveryTableAndColumnHasACodeOfItsOwn) {
  std::set<std::string_view> tables;
  for (const Table& table : export_tables()) {
    EXPECT_TRUE(tables.insert(table.name).second) << table.name;
    std::set<std::string_view> columns;
    for (const TableColumn& column : table.columns) {
      EXPECT_TRUE(columns.insert(column.code).second) << table.name << '.' << column.code;
      EXPECT_FALSE(column.about.empty()) << column.code;
      EXPECT_TRUE(column.cell != nullptr || column.labels.starts_with("field:")) << column.code;
      EXPECT_TRUE(column.type != ColumnType::kWords || column.guard >= ColumnGuard::kWords)
          << column.code << " holds words and says it does not";
    }
  }
  EXPECT_EQ(tables.size(), 9U);
}

TEST_F(ExportTablesTest, AnActIsOneVictimAndOneKind) {
  ToldSample told = two_victims();
  const auto victims = column("acts", "victim_id", told);
  const auto kinds = column("acts", "violation", told);
  ASSERT_EQ(victims.size(), 4U) << "one of A, three of B";
  EXPECT_TRUE(victims[0].ends_with("-1-A"));
  EXPECT_EQ(kinds[0], "property.robbery");
  for (std::size_t i = 1; i < victims.size(); ++i) EXPECT_TRUE(victims[i].ends_with("-1-B"));
  EXPECT_THAT(kinds, Contains("kidnapping"));
  const auto ids = column("acts", "act_id", told);
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
}

TEST_F(ExportTablesTest, AnAnswerStandsWithTheActsThatItIsAbout) {
  ToldSample told = two_victims();
  const auto kinds = column("acts", "violation", told);
  const auto durations = column("acts", "kid_duration", told);
  const auto items = column("acts", "property_items", told);
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    EXPECT_EQ(durations[i], kinds[i] == "kidnapping" ? "1_3_days" : "") << kinds[i];
    EXPECT_EQ(items[i], kinds[i] == "property.robbery" ? "phone" : "") << kinds[i];
  }
  EXPECT_THAT(column("incidents_flat", "kid_duration", told), ElementsAre("1_3_days"));
}

TEST_F(ExportTablesTest, WhatWasRejectedIsACodingAndNoAct) {
  ToldSample told = two_victims();
  const ReportView view = told.view();
  CodedReport report = ToldSample::coded(view);
  for (auto& value : report.incidents[0].violations) value.standing = CodeStanding::kRejected;
  EXPECT_THAT(column("acts", "violation", view, report), IsEmpty());
  EXPECT_THAT(column("codings", "standing", view, report), Contains("rejected").Times(3));
  EXPECT_THAT(column("codings", "because", view, report), Contains("event_what=kidnapping"));
}

TEST_F(ExportTablesTest, PeopleHaveRowsAndNoNames) {
  ToldSample told = two_victims();
  EXPECT_THAT(column("perpetrators", "actor", told), ElementsAre("OC", "MX-GN"));
  EXPECT_THAT(column("perpetrators", "sector", told), Contains("state"));
  EXPECT_THAT(column("victims", "gender", told), ElementsAre("woman", "man"));
  EXPECT_THAT(column("victims", "acts", told), ElementsAre("taking", ""));
  EXPECT_THAT(column("incidents_flat", "gender", told), ElementsAre("woman|man"));
  EXPECT_THAT(column("sources", "connection", told), ElementsAre("interviewer"));
  EXPECT_THAT(column("sources", "source_stream", told), ElementsAre("interview"));
}

TEST_F(ExportTablesTest, WordsAreInColumnsThatSayThatTheyAre) {
  ToldSample told = two_victims();
  const ReportView view = told.view();
  const CodedReport report = ToldSample::coded(view);
  for (const Table& table : export_tables())
    for (const TableColumn& one : table.columns)
      for (const std::string& cell : column(table.name.data(), one.code.data(), view, report)) {
        if (cell.find("=1+1") != std::string::npos) {
          EXPECT_EQ(one.guard, ColumnGuard::kWords) << table.name << '.' << one.code;
        }
      }
  EXPECT_THAT(column("incidents", "description", view, report), ElementsAre("=1+1"));
}

// Whatever the questionnaire asks about an event is in some column of the flat table.
TEST_F(ExportTablesTest, NoAnswerAboutAnIncidentIsLost) {
  ToldSample told = two_victims();
  const ReportView view = told.view();
  CodedReport report = ToldSample::coded(view);
  report.incidents[0].fields["act.newer"] = {"asked later"};
  EXPECT_THAT(column("incidents_flat", "other_fields", view, report),
              ElementsAre("act.newer=asked later"));
}

TEST_F(ExportTablesTest, TheCodebookHasEveryCodeThatTheQuestionnaireOffers) {
  FormShelf forms;
  forms.emplace(Digest{}, ToldSample::form());
  std::set<std::string> rows;
  std::string kidnapping;
  ASSERT_TRUE(codebook(export_tables(), forms, ToldSample::codes(),
                       [&](std::span<const std::string> cells) -> program::Outcome<Done> {
                         EXPECT_EQ(cells.size(), codebook_columns().size());
                         EXPECT_TRUE(rows.insert(cells[0] + "." + cells[1] + "=" + cells[4]).second)
                             << cells[0] << '.' << cells[1] << '=' << cells[4];
                         if (cells[1] == "violation" && cells[4] == "kidnapping")
                           for (std::size_t i = 6; i < cells.size(); ++i)
                             kidnapping += cells[i] + "/";
                         return Done{};
                       })
                  .ok());
  EXPECT_TRUE(rows.contains("acts.kid_duration=1_3_days"));
  EXPECT_TRUE(rows.contains("victims.age_band=under_18"));
  EXPECT_TRUE(rows.contains("incidents_flat.us_link=returned"));
  EXPECT_TRUE(rows.contains("perpetrators.degree=ordered"));
  EXPECT_TRUE(rows.contains("evidence.sha256="));
  EXPECT_EQ(std::count(kidnapping.begin(), kidnapping.end(), '/') % 5, 0);
  EXPECT_NE(kidnapping.find("Secuestro"), std::string::npos);
}

TEST_F(ExportTablesTest, WhatWasDecidedSaysByWhomWhenAndWhy) {
  ToldSample told = two_victims();
  ReportView view = told.view();
  Decision coded{DecisionKind::kViolation, DecisionHow::kConfirm, 1, "kidnapping", "=two saw it"};
  coded.member = MemberId::from(Bytes(16, 0xAB)).value();
  coded.time = TimePoint{std::chrono::hours(24 * 20775)};
  Decision link = coded;
  link.kind = DecisionKind::kLink;
  link.code = "precedes";
  link.other = ReportId::from(Bytes(16, 0xCD)).value();
  link.other_incident = 2;
  Decision gone = link;
  gone.code = "causes";
  view.decisions = {coded, gone, link};
  gone.how = DecisionHow::kUndo;
  view.decisions.push_back(gone);
  CodedReport report = ToldSample::coded(view);
  apply_decisions(view.decisions, report);
  const auto cells = [&](const char* table, const char* code) {
    return column(table, code, view, report);
  };
  const std::string member = to_hex(coded.member.view());
  const auto kinds = cells("codings", "code");
  const auto by = cells("codings", "decided_by");
  ASSERT_EQ(kinds.size(), by.size());
  for (std::size_t i = 0; i < kinds.size(); ++i)
    EXPECT_EQ(by[i], kinds[i] == "kidnapping" ? member : "") << kinds[i];
  EXPECT_THAT(cells("codings", "decided_on"), Contains(to_string(day_of(coded.time))));
  EXPECT_THAT(cells("codings", "reason"), Contains("=two saw it"));
  EXPECT_THAT(cells("links", "type"), ElementsAre("precedes"));
  EXPECT_THAT(cells("links", "incident_id"), ElementsAre(to_hex(view.id.view()) + "-1"));
  EXPECT_THAT(cells("links", "other_incident_id"), ElementsAre(to_hex(link.other->view()) + "-2"));
  EXPECT_THAT(cells("links", "decided_by"), ElementsAre(member));
}

TEST_F(ExportTablesTest, AnIncidentSaysHowManyToldIt) {
  ToldSample told = two_victims();
  const ReportView view = told.view();
  CodedReport report = ToldSample::coded(view);
  EXPECT_THAT(column("incidents", "cluster_id", view, report), ElementsAre(""));
  EXPECT_THAT(column("incidents", "n_sources", view, report), ElementsAre("1"));
  report.incidents[0].cluster = "aa55";
  report.incidents[0].sources = 3;
  report.incidents[0].independent_sources = 2;
  EXPECT_THAT(column("incidents_flat", "cluster_id", view, report), ElementsAre("aa55"));
  EXPECT_THAT(column("incidents", "n_sources", view, report), ElementsAre("3"));
  EXPECT_THAT(column("incidents", "independent_sources", view, report), ElementsAre("2"));
}

}  // namespace
}  // namespace resguardo::analyst
