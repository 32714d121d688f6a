// SPDX-License-Identifier: AGPL-3.0-or-later
// What a file for the public may show, over random sets; and how coarse a partner's is.
#include "analyst/export/release.h"

#include <gmock/gmock.h>

#include <map>
#include <random>
#include <set>

#include "tests/analyst/incident/told_report.h"

namespace resguardo::analyst {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_support::ToldSample;

class RandomReports {
 public:
  explicit RandomReports(std::uint32_t seed) : random_(seed) {}
  CodedReport next() {
    CodedReport report;
    for (auto& byte : report.id.bytes) byte = static_cast<std::uint8_t>(random_());
    report.stream = one_of({"bot", "interview"});
    report.language = one_of({"es", "ht", "fr"});
    report.fields["reporter.gender"] = {one_of({"woman", "trans_man"})};
    report.fields["interview.date"] = {"2021-05-05"};
    report.fields["report.help_requested"] = {"legal"};
    const std::uint32_t incidents = 1 + static_cast<std::uint32_t>(random_() % 3);
    for (std::uint32_t number = 1; number <= incidents; ++number)
      report.incidents.push_back(incident(number));
    return report;
  }

 private:
  std::string one_of(std::initializer_list<const char*> list) {
    return *(list.begin() + random_() % list.size());
  }
  std::string day() {
    return one_of({"2021-05-0", "2021-05-1", "2021-07-0", "2022-01-0"}) +
           std::to_string(1 + random_() % 9);
  }
  Incident incident(std::uint32_t number) {
    Incident one;
    one.number = number;
    one.when.edtf = one_of({"", "2021", "2021-05"});
    if (random_() % 3 != 0) one.when.edtf = day();
    one.when.days = days_of_edtf(one.when.edtf);
    one.where.country = "MX";
    one.where.area = one_of({"MX-TAM", "MX-TAM", "MX-BCN", ""});
    one.where.place = one_of({"mx-reynosa", "mx-matamoros", ""});
    one.where.precision = one_of({"city", "site", "adm1"});
    for (const char* code : {"kidnapping", "assault.physical", "torture", "sexual.rape"})
      if (random_() % 4 == 0) one.violations.push_back({code, CodeStanding::kConfirmed, {}});
    one.us_link = one_of({"returned", "blocked", ""});
    for (std::uint32_t i = 0; i <= random_() % 2; ++i) one.victims.push_back(victim());
    one.words["event.description"] = {"CANARY"};
    return one;
  }
  Victim victim() {
    Victim one;
    one.label = "1";
    one.nationality = one_of({"HN", "GT", "HT", "VE", "CM", "UNK", "HN", "HN"});
    one.gender = one_of({"woman", "man", "trans_woman", "man"});
    one.age_band = one_of({"18_24", "25_34", "under_18"});
    one.characteristics = {"lgbtqi"};
    return one;
  }
  std::mt19937 random_;
};

Pseudonyms names(std::uint8_t fill = 7) {
  return Pseudonyms(Digest::from(Bytes(32, fill)).value());
}

PublicRows release(const std::vector<CodedReport>& reports, std::uint64_t k = kLeastAlike) {
  PublicRelease made(ToldSample::codes(), names());
  for (const CodedReport& report : reports) made.add(report);
  return std::move(made).rows(k);
}

// Every cell of a row that a public file has, but its name.
std::string cells_of(const CodedReport& row) {
  const ProfileTables written(Profile::kPublic);
  std::string all;
  for (const Table& table : written.all())
    for (const TableColumn& column : table.columns)
      if (column.code != "incident_id")
        all += cell_of(column, {.report = &row,
                                .codes = &ToldSample::codes(),
                                .incident = &row.incidents.front()}) +
               "\x1F";
  return all;
}

TEST(PublicReleaseTest, NoRowIsInAClassSmallerThanK) {
  std::size_t shown = 0, hidden = 0;
  for (std::uint32_t seed = 0; seed < 150; ++seed) {
    RandomReports random(seed);
    std::vector<CodedReport> reports;
    for (std::uint32_t i = 0; i < 5 + 7 * (seed % 40); ++i) reports.push_back(random.next());
    const std::uint64_t k = seed % 3 == 0 ? 10 : kLeastAlike;
    const PublicRows rows = release(reports, k);
    std::map<std::string, std::uint64_t> classes;
    for (const CodedReport& row : rows.rows) ++classes[cells_of(row)];
    for (const auto& [cells, count] : classes) EXPECT_GE(count, k) << seed << ": " << cells;
    EXPECT_EQ(rows.before, rows.rows.size() + rows.too_few + rows.sexual_violence) << seed;
    shown += rows.rows.size();
    hidden += rows.too_few;
  }
  EXPECT_GT(shown, 1000U) << "it shows something";
  EXPECT_GT(hidden, 0U);
}

TEST(PublicReleaseTest, RowsSayNothingElse) {
  RandomReports random(1);
  std::vector<CodedReport> reports;
  std::set<ReportId> ids;
  std::uint64_t sexual = 0;
  for (int i = 0; i < 300; ++i) {
    reports.push_back(random.next());
    ids.insert(reports.back().id);
    for (const Incident& one : reports.back().incidents) sexual += tells_of_sexual_violence(one);
  }
  const PublicRows rows = release(reports);
  EXPECT_EQ(rows.sexual_violence, sexual);
  std::set<ReportId> seen;
  for (const CodedReport& row : rows.rows) {
    EXPECT_FALSE(ids.contains(row.id));
    EXPECT_TRUE(seen.insert(row.id).second) << "each is on its own";
    ASSERT_THAT(row.incidents, SizeIs(1));
    const Incident& one = row.incidents.front();
    EXPECT_FALSE(tells_of_sexual_violence(one));
    EXPECT_EQ(one.where.place + one.where.name + row.stream + row.language, "");
    EXPECT_THAT(one.words, IsEmpty());
    EXPECT_THAT(one.fields, IsEmpty());
    EXPECT_TRUE(one.when.edtf.size() != 10) << one.when.edtf << ": no day";
    for (const Victim& victim : one.victims) {
      EXPECT_THAT(victim.characteristics, IsEmpty());
      EXPECT_NE(victim.gender, "trans_woman");
    }
  }
  EXPECT_TRUE(std::ranges::is_sorted(rows.rows, {}, &CodedReport::id)) << "an order of nothing";
}

TEST(PublicReleaseTest, WhatIsRareBecomesCoarserBeforeItGoes) {
  RandomReports random(2);
  CodedReport report = random.next();
  report.incidents.resize(1);
  Incident& one = report.incidents.front();
  one.violations = {{"kidnapping", CodeStanding::kConfirmed, {}}};
  one.when = {"2021-05-03", "day", days_of_edtf("2021-05-03")};
  one.where.area = "MX-TAM";
  one.victims.resize(1);
  std::vector<CodedReport> reports;
  for (const char* nationality : {"HN", "GT", "SV", "NI", "CR"}) {
    one.victims[0].nationality = nationality;
    one.victims[0].gender = "woman";
    report.id.bytes[0] = static_cast<std::uint8_t>(reports.size());
    reports.push_back(report);
  }
  PublicRows rows = release(reports);
  ASSERT_THAT(rows.rows, SizeIs(5));
  EXPECT_EQ(rows.rows[0].incidents[0].victims[0].nationality, "013") << "Central America";
  EXPECT_EQ(rows.rows[0].incidents[0].when.edtf, "2021-05");
  reports[0].incidents[0].when = {"2021-06-03", "day", days_of_edtf("2021-06-03")};
  rows = release(reports);
  ASSERT_THAT(rows.rows, SizeIs(5));
  EXPECT_EQ(rows.rows[0].incidents[0].when.edtf, "2021-04/2021-06");
  EXPECT_EQ(rows.rows[0].incidents[0].victims[0].nationality, "");
  reports.pop_back();
  EXPECT_EQ(release(reports).too_few, 4U);
}

TEST(PartnerTest, WeeksCitiesAndNothingSensitive) {
  RandomReports random(3);
  for (int i = 0; i < 200; ++i) {
    const CodedReport report = random.next();
    const CodedReport seen = report_for(report, Profile::kPartner, names());
    EXPECT_NE(seen.id, report.id);
    EXPECT_EQ(seen.id, report_for(report, Profile::kPartner, names()).id)
        << "one name in an export";
    EXPECT_NE(seen.id, report_for(report, Profile::kPartner, names(8)).id) << "another in the next";
    EXPECT_NE(only_value(seen.fields, "reporter.gender"), "trans_man");
    EXPECT_EQ(only_value(seen.fields, "interview.date"), "2021-05-03/2021-05-09");
    EXPECT_FALSE(seen.fields.contains("report.help_requested")) << "it is sensitive";
    for (const Incident& one : seen.incidents) {
      EXPECT_FALSE(tells_of_sexual_violence(one));
      EXPECT_THAT(one.words, IsEmpty());
      EXPECT_NE(one.where.precision, "site");
      EXPECT_NE(one.when.edtf.size(), 10U);
      for (const Victim& victim : one.victims) EXPECT_THAT(victim.characteristics, IsEmpty());
    }
  }
  EXPECT_EQ(edtf_week("2021-05-05"), "2021-05-03/2021-05-09");
  EXPECT_EQ(edtf_week("2021-05"), "2021-05");
  EXPECT_EQ(edtf_week("mx-reynosa"), "mx-reynosa");
  EXPECT_EQ(edtf_week("2021-05-03/2021-05-20"), "2021-05-03/2021-05-20");
}

TEST(ProfileTest, EveryColumnIsDecidedByItsClass) {
  for (const Table& table : export_tables())
    for (const TableColumn& column : table.columns) {
      const auto written = [&](Profile profile) { return is_written(table, column, profile); };
      const std::string name = std::string(table.name) + "." + std::string(column.code);
      EXPECT_TRUE(written(Profile::kFull)) << name;
      if (column.guard == ColumnGuard::kWords || column.guard == ColumnGuard::kDirect) {
        EXPECT_FALSE(written(Profile::kInternal)) << name;
      }
      if (column.guard >= ColumnGuard::kSensitive) {
        EXPECT_FALSE(written(Profile::kPartner)) << name;
        EXPECT_FALSE(written(Profile::kPublic)) << name;
      }
      if (written(Profile::kPublic)) {
        EXPECT_TRUE(written(Profile::kPartner)) << name;
      }
    }
  const ProfileTables of_public(Profile::kPublic);
  ASSERT_THAT(of_public.all(), SizeIs(1));
  EXPECT_THAT(of_public.all()[0].columns, SizeIs(11)) << "all of its list are there";
  EXPECT_EQ(profile_called("public"), Profile::kPublic);
  EXPECT_EQ(profile_called("Public"), std::nullopt);
}

}  // namespace
}  // namespace resguardo::analyst
