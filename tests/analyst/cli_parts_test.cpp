// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "tests/analyst/cli_fixture.h"
#include "tests/support/fault_run.h"
#include "tests/support/paths.h"

namespace resguardo::testing_support {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;

class CliPartsTest : public CliTest {
 protected:
  // A bundle of so many small reports, in parts of one report each.
  std::vector<std::filesystem::path> parts(const std::string& name, std::size_t reports,
                                           std::uint64_t seed = 1) {
    BundleMaker bundle = maker(seed);
    for (std::size_t i = 0; i < reports; ++i) bundle.add(small_report());
    auto frames = bundle.frames();
    frames.at(0).mutable_header()->set_bundle_id(std::string(16, name.front()));
    frames.at(0).mutable_header()->set_log_origin("example.org/" + name);
    std::vector<std::filesystem::path> files;
    for (const std::string& part : write_parts(frames, 1))
      files.push_back(put(name + ".00" + std::to_string(files.size() + 1), part));
    return files;
  }
  ProgramResult import_all(const std::vector<std::filesystem::path>& files,
                           std::vector<std::string> more = {}) const {
    more.insert(more.begin(), files.begin() + 1, files.end());
    return import(files.front(), "ana", "v", more);
  }
  json::array listed() const {
    const auto result = run_unlocked({"list", "--vault", path("v"), "--json"});
    return json::parse(result.out).at("reports").as_array();
  }
  // The same import as a command for run_with_faults.
  std::vector<std::string> import_command(const std::filesystem::path& bundle,
                                          const std::string& vault) const {
    return {(bin_dir() / "resguardo-analyst").string(),
            "import",
            bundle.string(),
            "--vault",
            path(vault).string(),
            "--key",
            organisation().keys("ana").string(),
            "--root",
            organisation().root_public().string(),
            "--memory",
            "64MiB",
            "--passes",
            "1",
            "--passphrase-file",
            put("passphrase", std::string(kPassphrase) + "\n").string()};
  }
};

TEST_F(CliPartsTest, ComeInAnyOrderOnOneCommandLine) {
  const auto files = parts("b", 3);
  const auto result = import_all({files[2], files[0], files[1]});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("3 reports: 3 new segments"));
  EXPECT_THAT(result.out, HasSubstr("all 3 parts are here"));
  EXPECT_THAT(result.err, Not(HasSubstr("missing")));
  for (const auto& report : listed()) EXPECT_EQ(json::serialize(report.at("flags")), "[]");
}

TEST_F(CliPartsTest, ComeOverDaysAndWhatIsMissingHasAName) {
  const auto files = parts("b", 4);
  const auto first = import_all({files[2]});
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_THAT(first.err, HasSubstr("bundle 62626262: parts 1 to 2 are missing; the last part has "
                                   "not come"));
  const auto second = import_all({files[0]});
  EXPECT_THAT(second.err, HasSubstr("part 2 is missing; the last part has not come"));
  const auto third = import_all({files[3]}, {"--json"});
  const auto told = json::parse(third.out).at("bundles").at(0);
  EXPECT_EQ(json::serialize(told.at("parts")), "[0,2,3]");
  EXPECT_EQ(json::serialize(told.at("missing")), R"([{"first":1,"last":1}])");
  EXPECT_TRUE(told.at("lastPartKnown").as_bool());
  EXPECT_FALSE(told.at("complete").as_bool());
  const auto fourth = import_all({files[1]});
  EXPECT_THAT(fourth.out, HasSubstr("all 4 parts are here"));
  EXPECT_EQ(fourth.err.find("missing"), std::string::npos) << fourth.err;
  EXPECT_EQ(listed().size(), 4U);
}

TEST_F(CliPartsTest, TheSamePartTwiceAddsNothing) {
  const auto files = parts("b", 2);
  const auto result = import_all({files[0], files[0], files[1]}, {"--json"});
  const auto told = json::parse(result.out);
  EXPECT_EQ(told.at("newSegments").as_int64(), 2);
  EXPECT_EQ(told.at("knownSegments").as_int64(), 1);
  EXPECT_TRUE(told.at("bundles").at(0).at("complete").as_bool());
}

TEST_F(CliPartsTest, OfTwoBundlesAreToldApart) {
  const auto old = parts("b", 2);
  const auto newer = parts("c", 2, 2);
  const auto result = import_all({newer[1], old[0]});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("bundle 62626262: the last part has not come"));
  EXPECT_THAT(result.err, HasSubstr("bundle 63636363: part 1 is missing"));
  EXPECT_EQ(listed().size(), 2U);
}

TEST_F(CliPartsTest, ADamagedPartIsRefusedAtItsPlaceAndTheOthersComeIn) {
  const auto files = parts("b", 3);
  std::string damaged = content(files[1]);
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 4);
  put("b.002", damaged);
  const auto result = import_all(files);
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("b.002: damaged at frame "));
  EXPECT_THAT(result.err, HasSubstr("1 of 3 files did not come in; the others did"));
  EXPECT_THAT(result.err, HasSubstr("part 2 is missing"));
  EXPECT_EQ(listed().size(), 2U);
}

TEST_F(CliPartsTest, OneThatSurvivesAloneIsReadInFull) {
  const auto files = parts("b", 3);
  ASSERT_EQ(import_all({files[1]}).code, 0);
  const auto reports = listed();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(json::serialize(reports.at(0).at("flags")), "[]");
  const std::string id(reports.at(0).at("report").as_string());
  const auto shown = run_unlocked({"show", id, "--vault", path("v"), "--language", "en"});
  EXPECT_THAT(shown.out, HasSubstr("What happened?"));
}

TEST_F(CliPartsTest, AReportInTwoPartsIsWholeWhenBothAreHere) {
  BundleMaker bundle = maker();
  bundle.add({{{{say("what", "", {"extortion"})}, true}, {{say("story", "x")}, true}}, true, true});
  const auto written = write_parts(bundle.frames(), 1);
  const auto one = put("b.001", written.at(0));
  const auto two = put("b.002", written.at(1));
  EXPECT_EQ(run({"verify", one, "--root", organisation().root_public()}).code, 0);
  const auto first = import_all({one});
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_THAT(first.err, Not(HasSubstr("not what the server's log says")));
  ASSERT_EQ(import_all({two}).code, 0);
  EXPECT_EQ(json::serialize(listed().at(0).at("flags")), "[]");
}

// Every export holds everything: what was opened once is passed over, not opened anew. Its rows
// may even be spoilt.
TEST_F(CliPartsTest, ALongerBundleAddsWhatIsNew) {
  BundleMaker bundle = maker();
  bundle.add(small_report());
  ASSERT_EQ(import(put("old", bundle.bytes()), "ana", "v").code, 0);
  for (std::size_t at = 1; at < bundle.rows().size(); ++at)
    bundle.rows().at(at).mutable_row()->mutable_row()->append("x");
  bundle.add(small_report());
  const auto result = import(put("new", bundle.bytes()), "ana", "v", {"--json"});
  EXPECT_EQ(result.code, 0) << result.err;
  const auto told = json::parse(result.out);
  EXPECT_EQ(told.at("reports").as_int64(), 2);
  EXPECT_EQ(told.at("newSegments").as_int64(), 1);
  EXPECT_EQ(told.at("knownSegments").as_int64(), 1);
  EXPECT_EQ(told.at("unreadableSegments").as_int64(), 0);
  EXPECT_EQ(told.at("rows").as_int64(), 3);
}

TEST_F(CliPartsTest, TwoSegmentsOfOneIndexFromTwoBundlesAreBothKept) {
  BundleMaker bundle = maker();
  const ReportId report = bundle.add(small_report());
  ASSERT_EQ(import(put("old", bundle.bytes()), "ana", "v").code, 0);
  bundle.add_segment(report, 0, {{say("what", "", {"other"})}, true});
  ASSERT_EQ(import(put("new", bundle.bytes()), "ana", "v").code, 0);
  EXPECT_THAT(json::serialize(listed().at(0).at("flags")), HasSubstr("two-of-one-segment"));
}

// The stick is pulled out: at every read, one line, exit 1; put back, everything is there.
TEST_F(CliPartsTest, AStickThatIsPulledOutCostsNothing) {
  TemporaryDirectory stick;
  BundleMaker bundle = maker();
  for (int i = 0; i < 4; ++i) bundle.add(small_report());
  const auto file = stick.path() / "b";
  std::filesystem::copy_file(put("b", bundle.bytes()), file);
  const auto counted = run_with_faults(import_command(file, "v"), {"", 0, stick.path()});
  ASSERT_EQ(counted.status, 0) << counted.errors;
  const long reads = counted.counts.at("read");
  ASSERT_GT(reads, 3);
  for (long at = 1; at <= reads; ++at) {
    const std::string vault = "v" + std::to_string(at);
    const auto pulled = run_with_faults(import_command(file, vault), {"pulled", at, stick.path()});
    ASSERT_EQ(pulled.status, 1) << at << ": " << pulled.errors;
    EXPECT_THAT(pulled.errors, HasSubstr("cannot be read")) << at;
    EXPECT_THAT(pulled.errors, HasSubstr("is the stick still there?")) << at;
    const auto again = run_with_faults(import_command(file, vault), {});
    ASSERT_EQ(again.status, 0) << at << ": " << again.errors;
    EXPECT_THAT(again.output, HasSubstr("4 reports: ")) << at;
  }
}

// Killed at every write to the vault: the next import goes on and ends with everything.
TEST_F(CliPartsTest, AnImportThatIsKilledGoesOn) {
  BundleMaker bundle = maker();
  bundle.add(small_report());
  const auto first = put("first", bundle.bytes());
  for (int i = 0; i < 3; ++i) bundle.add(small_report());
  const auto file = put("b", bundle.bytes());
  ASSERT_EQ(import(first, "ana", "v").code, 0);
  std::filesystem::copy(path("v"), path("counted"), std::filesystem::copy_options::recursive);
  const auto counted = run_with_faults(import_command(file, "counted"), {"", 0, path("counted")});
  const long writes = counted.counts.at("total");
  ASSERT_GT(writes, 5);
  for (const std::string kind : {"torn", "full"}) {
    for (long at = 1; at <= writes; at += std::max(1L, writes / 8)) {
      const std::string vault = kind + std::to_string(at);
      std::filesystem::copy(path("v"), path(vault), std::filesystem::copy_options::recursive);
      const auto stopped = run_with_faults(import_command(file, vault), {kind, at, path(vault)});
      if (kind == "full" && stopped.status != 0) {
        EXPECT_THAT(stopped.errors, HasSubstr("the disk")) << at;
      }
      const auto again = import(file, "ana", vault, {"--json"});
      ASSERT_EQ(again.code, 0) << kind << " " << at << ": " << again.err;
      const auto all = run_unlocked({"list", "--vault", path(vault), "--json"});
      const auto reports = json::parse(all.out).at("reports").as_array();
      EXPECT_EQ(reports.size(), 4U) << kind << " " << at;
      for (const auto& report : reports)
        EXPECT_EQ(json::serialize(report.at("flags")), "[]") << kind << " " << at;
    }
  }
}

}  // namespace
}  // namespace resguardo::testing_support
