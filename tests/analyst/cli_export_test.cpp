// SPDX-License-Identifier: AGPL-3.0-or-later
// What the program writes into an export, and what it leaves out.
#include <gmock/gmock.h>

#include <array>
#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <random>
#include <set>

#include "analyst/export/export_check.h"
#include "analyst/export/exporter.h"
#include "tests/analyst/cli_told.h"
#include "tests/support/paths.h"

namespace resguardo::testing_support {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

class CliExportTest : public CliToldTest {
 protected:
  static bool is_folder(const std::filesystem::path& out) {
    return std::filesystem::is_directory(out);
  }
  static std::string sheets(const std::filesystem::path& out) {
    const auto read = run_program(
        {{RESGUARDO_PYTHON, "-B", source_dir() / "tests/analyst/read_sheets.py", out}, "", {}});
    EXPECT_EQ(read.code, 0) << read.err;
    return read.out;
  }
  // All of an export but its manifest, as it is read.
  static std::string written(const std::filesystem::path& out) {
    if (out.extension() == ".xlsx") return sheets(out);
    if (!is_folder(out)) return content(out);
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(out))
      if (entry.path().filename() != "manifest.json") all += content(entry.path());
    return all;
  }
  static json::value manifest(const std::filesystem::path& out) {
    return json::parse(content(analyst::manifest_of(out)));
  }
};

// For every purpose and format: a report is in an export if and only if its reporter agreed to it.
TEST_F(CliExportTest, NoExportHoldsAReportThatDoesNotAllowIt) {
  const std::vector<std::string> purposes = {"research", "publish", "accountability"};
  std::mt19937 random(20);
  BundleMaker bundle = whole_maker();
  std::vector<std::pair<std::string, std::set<std::string>>> agreed;
  for (int i = 0; i < 40; ++i) {
    std::vector<std::string> consent;
    for (const auto& purpose : purposes)
      if (random() % 2 == 0) consent.push_back(purpose);
    const auto id = to_hex(bundle.add(kidnapping(consent)).view());
    agreed.push_back({id, {consent.begin(), consent.end()}});
  }
  keep(bundle);
  for (const std::string& purpose : purposes)
    for (const auto& entry : analyst::exporters()) {
      const std::string format(entry.name);
      const auto out = path(purpose + "." + format);
      const auto told =
          of_vault({"export", "--format", format, "--purpose", purpose, "--out", out});
      ASSERT_EQ(told.code, 0) << told.err;
      const std::string text = written(out);
      std::int64_t withheld = 0;
      for (const auto& [id, purposes_of_report] : agreed) {
        const bool allowed = purposes_of_report.contains(purpose);
        if (!allowed) ++withheld;
        if (format != "html") {  // a page names no report (cli_html_test.cpp)
          EXPECT_EQ(text.find(id) != std::string::npos, allowed) << purpose << ' ' << format;
        }
      }
      const auto said = manifest(out);
      EXPECT_EQ(said.at("purpose").as_string(), purpose);
      EXPECT_EQ(said.at("withoutPurpose").as_int64(), withheld);
      EXPECT_GT(withheld, 5);
    }
  const auto all =
      of_vault({"export", "--format", "csv", "--despite-consent", "--out", path("all.csv")});
  EXPECT_THAT(all.err, HasSubstr("did not agree to research"));
  for (const auto& [id, purposes_of_report] : agreed)
    EXPECT_THAT(content(path("all.csv")), HasSubstr(id));
  EXPECT_TRUE(json::parse(content(path("all.csv.manifest.json"))).at("despiteConsent").as_bool());
  const auto unknown =
      of_vault({"export", "--format", "csv", "--purpose", "money", "--out", path("x")});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_FALSE(std::filesystem::exists(path("x")));
}

// For every format: a report is in it if and only if one of its incidents is wanted.
TEST_F(CliExportTest, OnlyReportsWithAnIncidentThatIsWantedAreInIt) {
  BundleMaker bundle = whole_maker();
  const auto here = to_hex(bundle.add(kidnapping()).view());
  const auto elsewhere = to_hex(bundle.add(kidnapping({"research"}, "mx-tijuana")).view());
  const auto without = to_hex(bundle.add(kidnapping({}, "mx-reynosa")).view());
  keep(bundle);
  for (const auto& entry : analyst::exporters()) {
    const auto out = path(std::string("out.") + std::string(entry.name));
    const auto told = of_vault({"export", "--format", std::string(entry.name), "--place", "MX-TAM",
                                "--since", "2025-01-01", "--out", out});
    ASSERT_EQ(told.code, 0) << told.err;
    const std::string text = written(out);
    if (entry.name != "html") {
      EXPECT_THAT(text, HasSubstr(here)) << entry.name;
    }
    for (const auto& other : {elsewhere, without})
      EXPECT_EQ(text.find(other), std::string::npos) << entry.name;
    const auto said = manifest(out);
    EXPECT_EQ(json::serialize(said.at("filter")), R"({"since":"2025-01-01","place":"MX-TAM"})");
    EXPECT_EQ(said.at("reports"), 1);
    EXPECT_EQ(said.at("reportsBefore"), 3);
    EXPECT_EQ(said.at("incidents"), 1);
    EXPECT_EQ(said.at("incidentsBefore"), 2);
    EXPECT_EQ(said.at("withoutPurpose"), 1);
    EXPECT_NE(said.at("tool").as_string(), "");
  }
}

TEST_F(CliExportTest, AFilterThatMeansNothingIsRefusedAndNothingIsWritten) {
  BundleMaker bundle = whole_maker();
  bundle.add(kidnapping());
  keep(bundle);
  const auto told =
      of_vault({"export", "--format", "csv", "--actor", "cartel", "--out", path("out")});
  EXPECT_EQ(told.code, 2);
  EXPECT_THAT(told.err, HasSubstr("--actor: is no code of that kind"));
  EXPECT_FALSE(std::filesystem::exists(path("out")));
  EXPECT_FALSE(std::filesystem::exists(path("out.manifest.json")));
}

// Words that would act in a spreadsheet, on a terminal, or not stand in XML.
constexpr std::array kHostileWords = {"=cmd|'/c calc'!A1",   "_x0041_",          "a\tb\nc",
                                      "\xE2\x80\xAEgpj.exe", "\x1B[2J",          "\xEF\xBF\xBF",
                                      "<script>&amp;]]>",    "\xF0\x9F\x95\x8A", " x "};

// What happened in those words, and a place in words that no cell can hold.
ScriptReport hostile_report(const std::string& words = kHostileWords[0]) {
  ScriptReport report;
  ScriptTurn turn;
  turn.testimony.push_back(in_event(answer_entry("event_what", "", {"kidnapping"})));
  turn.testimony.push_back(in_event(answer_entry("story", words)));
  turn.testimony.push_back(in_event(answer_entry("place_detail", std::string(40'000, 'x'))));
  report.segments.push_back({{turn}, true});
  report.consent = {"research"};
  return report;
}

// office_test.py runs this one in a folder of its own, which has more words, one a line.
TEST_F(CliExportTest, ASheetHoldsTheCellsOfTheTables) {
  const char* office = std::getenv("RESGUARDO_SHEETS");
  const std::filesystem::path out = office != nullptr ? std::filesystem::path(office) : path("");
  BundleMaker bundle = whole_maker();
  for (int i = 0; i < 3; ++i) bundle.add(kidnapping());
  for (const char* words : kHostileWords) bundle.add(hostile_report(words));
  std::ifstream more(out / "words");
  for (std::string words; std::getline(more, words);) bundle.add(hostile_report(words));
  keep(bundle);
  for (const char* format : {"tables", "xlsx"}) {
    const auto told = of_vault({"export", "--format", format, "--out", out / format});
    ASSERT_EQ(told.code, 0) << told.err;
    EXPECT_THAT(told.err, HasSubstr("cells were changed to be harmless"));
  }
  const auto read =
      run_program({{RESGUARDO_PYTHON, "-B", source_dir() / "tests/analyst/read_sheets.py",
                    out / "xlsx", out / "tables"},
                   "",
                   {}});
  EXPECT_EQ(read.code, 0) << read.err;
  // What each was told in is a cell of the tables, changed where it would act.
  const std::string flat = content(out / "tables" / "incidents_flat.csv");
  for (const char* cell : {"\"'=cmd|'/c calc'!A1\"", "\"_x0041_\"", "<U+202E>gpj.exe",
                           "<U+001B>[2J", "<script>&amp;]]>"})
    EXPECT_THAT(flat, HasSubstr(cell));
  EXPECT_THAT(content(out / "xlsx.long.ndjson"), HasSubstr(std::string(40'000, 'x')));
  EXPECT_THAT(content(out / "tables" / "long.ndjson"), HasSubstr(std::string(40'000, 'x')));
}

TEST_F(CliExportTest, ReportsFitTheSchemaBesideThem) {
  BundleMaker bundle = whole_maker();
  bundle.add(kidnapping());
  bundle.add(hostile_report());
  bundle.add(small_report());
  keep(bundle);
  const auto out = path("out.ndjson");
  ASSERT_EQ(of_vault({"export", "--format", "ndjson", "--despite-consent", "--out", out}).code, 0);
  const auto checked = run_program(
      {{RESGUARDO_PYTHON, "-B", source_dir() / "tests/analyst/check_reports.py", out}, "", {}});
  EXPECT_EQ(checked.code, 0) << checked.err;
  EXPECT_EQ(checked.out, "3\n");
}

TEST_F(CliExportTest, AMapIsOneByTheStandard) {
  BundleMaker bundle = whole_maker();
  bundle.add(kidnapping());
  bundle.add(kidnapping({"research"}, "mx-tijuana"));
  bundle.add(hostile_report());
  keep(bundle);
  const auto out = path("out.geojson");
  ASSERT_EQ(of_vault({"export", "--format", "geojson", "--out", out}).code, 0);
  const auto checked = run_program(
      {{RESGUARDO_PYTHON, "-B", source_dir() / "tests/analyst/check_geojson.py", out}, "", {}});
  EXPECT_EQ(checked.code, 0) << checked.err;
  EXPECT_EQ(checked.out, "2 3\n");
}

TEST_F(CliExportTest, AnExportThatWasChangedIsToldByItsManifest) {
  BundleMaker bundle = whole_maker();
  bundle.add(kidnapping());
  keep(bundle);
  for (const auto& entry : analyst::exporters()) {
    const std::string format(entry.name);
    const auto out = path("out." + format);
    ASSERT_EQ(of_vault({"export", "--format", format, "--out", out}).code, 0);
    const auto whole = run({"verify-export", out});
    EXPECT_EQ(whole.code, 0) << whole.err;
    EXPECT_THAT(whole.out, HasSubstr(format + ", for research: 1 reports"));
    const auto victim = is_folder(out) ? out / "acts.csv" : out;
    std::ofstream(victim, std::ios::app) << "x";
    const auto changed = run({"verify-export", out});
    EXPECT_EQ(changed.code, 1);
    EXPECT_THAT(changed.out, HasSubstr("changed: " + victim.filename().string()));
    std::filesystem::remove(victim);
    if (!is_folder(out)) continue;
    std::ofstream(out / "more.csv") << "x";
    const auto told = run({"verify-export", out, "--json"});
    EXPECT_EQ(told.code, 1);
    EXPECT_EQ(json::parse(told.out).at("missing").at(0), "acts.csv");
    EXPECT_EQ(json::parse(told.out).at("strange").at(0), "more.csv");
  }
}

TEST_F(CliExportTest, AnExportIsSignedInAVaultWhoseOwnerARosterNames) {
  BundleMaker bundle = whole_maker();
  bundle.add(kidnapping());
  keep(bundle);
  for (const char* format : {"ndjson", "tables"}) {
    const auto out = path(format);
    ASSERT_EQ(of_vault({"export", "--format", format, "--out", out}).code, 0);
    const std::vector<std::string> ask = {"verify-export", out,
                                          "--roster",      organisation().roster(),
                                          "--root",        organisation().root_public()};
    const auto whole = run(ask);
    EXPECT_EQ(whole.code, 0) << whole.err;
    EXPECT_THAT(whole.err, HasSubstr("signed in the vault of ana"));
    const auto manifest = analyst::manifest_of(out);
    // Another purpose in the manifest: every digest still fits.
    std::string text = content(manifest);
    text.replace(text.find("research"), 8, "publish!");
    std::ofstream(manifest, std::ios::trunc) << text;
    const auto changed = run(ask);
    EXPECT_EQ(changed.code, 1);
    EXPECT_THAT(changed.err, HasSubstr("the signature of a vault does not fit"));
    std::filesystem::remove(manifest.string() + ".sig");
    EXPECT_THAT(run(ask).err, HasSubstr("nobody signed this export"));
    const auto unsigned_one = run({"verify-export", out});
    EXPECT_EQ(unsigned_one.code, 0);
    EXPECT_THAT(unsigned_one.err, HasSubstr("nobody signed"));
    std::ofstream(manifest.string() + ".sig") << "{}";
    EXPECT_THAT(run({"verify-export", out}).err, HasSubstr("no signature of an export"));
  }
}

TEST_F(CliExportTest, AManifestThatIsNoneIsRefused) {
  put("x", "content");
  for (
      const char* manifest :
      {"", "[]", "{}", R"({"schema":"resguardo-export/1"})",
       R"({"schema":"resguardo-export/1","format":"csv","purpose":"p","reports":-1,"files":[],"media":[]})",
       R"({"schema":"resguardo-export/1","format":"csv","purpose":"p","reports":1,"files":[{"file":"../x","sha256":""}],"media":[]})",
       R"({"schema":"resguardo-export/1","format":"csv","purpose":"p","reports":1,"files":[{"file":"/x","sha256":""}],"media":[]})",
       R"({"schema":"resguardo-export/1","format":"csv","purpose":"p","reports":1,"files":[1],"media":[]})",
       R"({"schema":"resguardo-export/1","format":"csv","purpose":"p","reports":1,"files":[]})"}) {
    put("x.manifest.json", manifest);
    const auto told = run({"verify-export", path("x")});
    EXPECT_EQ(told.code, 1) << manifest;
    EXPECT_THAT(told.err, HasSubstr("is no manifest of an export")) << manifest;
  }
}

}  // namespace
}  // namespace resguardo::testing_support
