// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/stats/tables.h"

#include <gmock/gmock.h>

#include <random>

#include "tests/analyst/incident/told_report.h"

namespace resguardo::analyst {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing_support::ToldSample;

CodedReport report(std::uint8_t id, const ToldSample& told) {
  CodedReport coded = told.coded();
  coded.id.bytes.fill(id);
  return coded;
}

std::vector<CodedReport> three_reports() {
  ToldSample first, second, third;
  first.codes("role", {"self"}).codes("gender", {"woman"}).codes("nationality", {"HT"});
  first.codes("event_what", {"kidnapping"}).day("2021-05-03", "day").place("mx-reynosa", "city");
  first.codes("us_link", {"returned"}).codes("vic_count", {"2_5"}).codes("kid_ransom", {"paid"});
  first.codes("perp_kind", {"organised_crime"}).codes("collusion", {"allowed"});
  first.codes("collusion_who", {"MX-GN"});
  first.codes("event_what", {"kidnapping"}, {1}).day("2021-06", "month", {1});
  second.codes("event_what", {"kidnapping", "taking"}).codes("tak_kind", {"robbery"});
  second.day("2021-05-05/2021-06-02", "approx").codes("perp_kind", {"us_authority"});
  third.codes("bor_kind", {"expelled"})
      .codes("us_link", {"blocked"})
      .codes("perp_kind", {"unknown"});
  return {report(1, first), report(2, second), report(3, third)};
}

Statistics tally(const std::vector<CodedReport>& reports) {
  Tally tally(ToldSample::codes());
  for (const auto& one : reports)
    for (const auto& incident : one.incidents) tally.add(one, incident);
  return tally.statistics();
}

StatTable table(const Statistics& statistics, std::string_view id) {
  for (const auto& one : statistics.tables)
    if (one.id == id) return one;
  throw std::runtime_error("no such table");
}
std::vector<std::string> lines(const StatTable& table) {
  std::vector<std::string> lines;
  for (const auto& row : table.rows) {
    std::string line = row.code + " " + std::to_string(row.incidents) + ":";
    for (const auto count : row.counts) line += " " + std::to_string(count);
    lines.push_back(line);
  }
  return lines;
}

TEST(TablesTest, AccountsOfOneIncidentCountOnce) {
  auto reports = three_reports();
  reports[0].incidents[0].cluster = reports[2].incidents[0].cluster = "one";
  const Statistics once = tally(reports);
  EXPECT_EQ(once.totals.reports, 3U);
  EXPECT_EQ(once.totals.accounts, 4U);
  EXPECT_EQ(once.totals.incidents, 3U);
  EXPECT_EQ(tally(three_reports()).totals.accounts, 4U);
  EXPECT_EQ(lines(table(once, "verification")), (std::vector<std::string>{"received 3: 3"}));
  EXPECT_THAT(statistics_text(once, ToldSample::codes(), "en"),
              HasSubstr("3 incidents (in 4 accounts)"));
}

TEST(TablesTest, ReportsIncidentsActsAndVictimsAreCountedApart) {
  const StatTotals totals = tally(three_reports()).totals;
  EXPECT_EQ(totals.reports, 3U);
  EXPECT_EQ(totals.incidents, 4U);
  EXPECT_EQ(totals.acts, 6U);
  EXPECT_EQ(totals.victims, 5U) << "two at least of the first, one of each other";
  EXPECT_EQ(totals.headline, 1U) << "an expulsion alone is no attack";
  EXPECT_THAT(totals.incidents_by_stream,
              ElementsAre(std::pair<const std::string, std::uint64_t>("bot", 4U)));
}

TEST(TablesTest, MonthsAreThoseOfTheIncidentAndMayBeUnknown) {
  const auto months = table(tally(three_reports()), "category_by_month");
  EXPECT_THAT(months.columns, ElementsAre("2021-05", "2021-06", "unknown"));
  EXPECT_THAT(lines(months), ElementsAre("kidnapping 3: 1 1 1", "rights_denial 2: 1 0 1",
                                         "extortion_robbery 1: 0 0 1"));
  EXPECT_EQ(months.of, 4U);
}

TEST(TablesTest, AStatesPartIsItsAgentsItsAcquiescenceOrNone) {
  EXPECT_THAT(lines(table(tally(three_reports()), "state_involvement")),
              ElementsAre("acquiescence_only 1: 1", "state_actor 1: 1", "unknown 2: 2"));
}

TEST(TablesTest, ATableIsAboutThoseWhoWereAsked) {
  const auto statistics = tally(three_reports());
  EXPECT_EQ(table(statistics, "ransom").of, 1U);
  EXPECT_THAT(lines(table(statistics, "ransom")), ElementsAre("paid 1: 1"));
  EXPECT_EQ(table(statistics, "complaint").of, 0U);
  EXPECT_THAT(lines(table(statistics, "gender")), ElementsAre("woman 2: 2", "unknown 2: 2"));
}

TEST(TablesTest, EveryIncidentIsInSomeRowOfEveryTableAboutAll) {
  std::size_t about_all = 0;
  for (const auto& one : tally(three_reports()).tables) {
    std::uint64_t rows = 0;
    for (const auto& row : one.rows) {
      rows += row.incidents;
      ASSERT_EQ(row.counts.size(), one.columns.size()) << one.id;
    }
    EXPECT_GE(rows, one.of) << one.id;
    if (one.of == 4) ++about_all;
  }
  EXPECT_GE(about_all, 14U);
}

TEST(TablesTest, TheOrderOfReportsChangesNothing) {
  auto reports = three_reports();
  const std::string before = statistics_text(tally(reports), ToldSample::codes(), "es");
  std::shuffle(reports.begin(), reports.end(), std::mt19937(7));
  EXPECT_EQ(statistics_text(tally(reports), ToldSample::codes(), "es"), before);
}

TEST(TablesTest, TheTextSaysWhatTheFiguresAreNot) {
  const std::string text = statistics_text(tally(three_reports()), ToldSample::codes(), "fr");
  EXPECT_THAT(text, HasSubstr("3 reports, 4 incidents"));
  EXPECT_THAT(text, HasSubstr("Not a random sample"));
  EXPECT_THAT(text, HasSubstr("Enlèvement (kidnapping)"));
  EXPECT_THAT(text, Not(HasSubstr("complaint"))) << "nobody was asked";
}

// Answers come from outside: what a code claims to be must not act on a terminal.
TEST(TablesTest, HostileCodesAreShownAndDoNothing) {
  ToldSample told;
  told.codes("nationality", {"\x1b[2J\u202e=cmd"}).codes("event_what", {"kidnapping"});
  told.codes("role", {"self"});
  const std::string text = statistics_text(tally({told.coded()}), ToldSample::codes(), "en");
  EXPECT_THAT(text, HasSubstr("<U+001B>"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace resguardo::analyst
