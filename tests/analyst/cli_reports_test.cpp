// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "tests/analyst/cli_fixture.h"

namespace resguardo::testing_support {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;
using std::string_literals::operator""s;

class CliReportsTest : public CliTest {
 protected:
  json::value exported(const std::string& vault) const {
    const auto out = path(vault + ".ndjson");
    const auto result =
        run_unlocked({"export", "--vault", path(vault), "--format", "ndjson", "--out", out});
    EXPECT_EQ(result.code, 0) << result.err;
    return json::parse(content(out));
  }
};

TEST_F(CliReportsTest, AReportComesBackWordForWord) {
  const std::string words =
      "Año 2026: «¡Ñandú!» \xF0\x9F\x95\x8A\xEF\xB8\x8F\r\nsegunda línea\0después\t" +
      std::string(4000, 'x') + "\xE2\x80\xAE";
  BundleMaker bundle = maker();
  bundle.add({{{{say("story", words), {}}, true}}, true, true});
  ASSERT_EQ(import(put("b", bundle.bytes()), "ana", "vault").code, 0);
  const auto report = exported("vault");
  EXPECT_EQ(report.at("answers").at(0).at("text").as_string(), words);
  EXPECT_EQ(report.at("status").as_string(), "complete");
  EXPECT_TRUE(report.at("flags").as_array().empty()) << report.at("flags");
}

TEST_F(CliReportsTest, TwoAnalystsExportTheSameWords) {
  BundleMaker bundle = maker();
  for (int i = 0; i < 5; ++i) bundle.add(small_report());
  const auto file = put("b", bundle.bytes());
  ASSERT_EQ(import(file, "ana", "a").code, 0);
  ASSERT_EQ(import(file, "luis", "l").code, 0);
  for (const std::string format : {"ndjson", "csv"}) {
    for (const std::string vault : {"a", "l"})
      ASSERT_EQ(run_unlocked({"export", "--vault", path(vault), "--format", format, "--out",
                              path(vault + "." + format)})
                    .code,
                0);
    EXPECT_EQ(content(path("a." + format)), content(path("l." + format)));
    EXPECT_GT(content(path("a." + format)).size(), 900U);
  }
}

TEST_F(CliReportsTest, ImportingTwiceChangesNothing) {
  BundleMaker bundle = maker();
  bundle.add(small_report());
  const auto file = put("b", bundle.bytes());
  ASSERT_EQ(import(file, "ana", "vault").code, 0);
  const auto again = import(file, "ana", "vault", {"--json"});
  EXPECT_EQ(again.code, 0);
  const auto counts = json::parse(again.out);
  EXPECT_EQ(counts.at("newSegments").as_int64(), 0);
  EXPECT_EQ(counts.at("knownSegments").as_int64(), 1);
  EXPECT_EQ(exported("vault").at("answers").as_array().size(), 3U);
}

TEST_F(CliReportsTest, TheVaultRemembersTheRoot) {
  BundleMaker bundle = maker();
  bundle.add(small_report());
  const auto file = put("b", bundle.bytes());
  const std::vector<std::string> without = {
      "import",   file,    "--vault",  path("v"), "--key", organisation().keys("ana"),
      "--memory", "64MiB", "--passes", "1"};
  const auto first = run_unlocked(without);
  EXPECT_EQ(first.code, 2);
  EXPECT_THAT(first.err, HasSubstr("--root"));
  ASSERT_EQ(import(file, "ana", "v").code, 0);
  EXPECT_EQ(run_unlocked(without).code, 0);
}

TEST_F(CliReportsTest, ListAndShowNameWhatIsWrong) {
  BundleMaker bundle = maker();
  bundle.add({{{{say("story", "uno"), {}}, false}, {{say("story", "dos"), {}}, true}}, true, true});
  ScriptReport unlogged = small_report();
  unlogged.logged = false;
  unlogged.complete = false;
  pb::Entry duress;
  duress.mutable_event()->set_kind(pb::EVENT_DURESS);
  unlogged.segments[0].turns[0].testimony.push_back(duress);
  bundle.add(unlogged);
  ASSERT_EQ(import(put("b", bundle.bytes()), "ana", "v").code, 0);
  const auto listed = run_unlocked({"list", "--vault", path("v"), "--json"});
  std::map<std::string, std::string> flags;
  const json::value listed_json = json::parse(listed.out);
  for (const auto& report : listed_json.at("reports").as_array())
    flags[std::string(report.at("status").as_string())] = json::serialize(report.at("flags"));
  EXPECT_EQ(flags["complete"], R"(["interrupted"])");
  EXPECT_EQ(flags["incomplete"], R"(["not-logged","duress"])");
  EXPECT_THAT(run_unlocked({"list", "--vault", path("v")}).out, HasSubstr("interrupted"));
}

TEST_F(CliReportsTest, ShowAsksInTheLanguageThatIsWanted) {
  BundleMaker bundle = maker();
  const auto id = to_hex(bundle.add(small_report()).view());
  ASSERT_EQ(import(put("b", bundle.bytes()), "ana", "v").code, 0);
  const auto spanish = run_unlocked({"show", id.substr(0, 6), "--vault", path("v")});
  EXPECT_EQ(spanish.code, 0) << spanish.err;
  EXPECT_THAT(spanish.out, HasSubstr("¿Qué pasó?  (what)\n    Extorsión [extortion]"));
  EXPECT_THAT(spanish.out, HasSubstr("[identity]\n    Carmen"));
  EXPECT_THAT(run_unlocked({"show", id, "--vault", path("v"), "--language", "en"}).out,
              HasSubstr("What happened?  (what)\n    Extortion [extortion]"));
  EXPECT_EQ(run_unlocked({"show", "zz", "--vault", path("v")}).code, 1);
}

TEST_F(CliReportsTest, SearchFindsWordsOfTheTestimony) {
  BundleMaker bundle = maker();
  const auto id = to_hex(bundle.add(small_report()).view());
  bundle.add({{{{say("story", "otra cosa"), {}}, true}}, true, true});
  ASSERT_EQ(import(put("b", bundle.bytes()), "ana", "v").code, 0);
  const auto search = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "search");
    words.insert(words.end(), {"--vault", path("v")});
    return run_unlocked(words);
  };
  const auto found = search({"AUTOBÚS", "baja*"});
  EXPECT_EQ(found.code, 0) << found.err;
  EXPECT_THAT(found.out, HasSubstr(id.substr(0, 8)));
  EXPECT_THAT(found.out, HasSubstr("Nos [bajaron] del [autobús]."));
  EXPECT_THAT(search({"Carmen"}).out, HasSubstr("no report")) << "her name is in the identity";
  const auto data = json::parse(search({"autobus", "--json"}).out);
  EXPECT_EQ(data.at("reports").at(0).at("report").as_string(), id);
  EXPECT_FALSE(data.at("more").as_bool());
  EXPECT_EQ(search({}).code, 2);
  EXPECT_EQ(search({std::string(300, 'x')}).code, 1);
}

TEST_F(CliReportsTest, NothingInAReportDrivesTheTerminal) {
  const std::string hostile = "\x1B]0;owned\x07\x1B[2J\xE2\x80\xAEtxt\xC2\x9B\r\n=1+1";
  BundleMaker bundle = maker();
  ScriptTurn turn = say(hostile, hostile, {hostile});
  turn.testimony[0].mutable_answer()->set_raw(hostile);
  const auto id = bundle.add({{{{turn, {}}, true}}, true, true});
  ASSERT_EQ(import(put("b", bundle.bytes()), "ana", "v").code, 0);
  for (const auto& result :
       {run_unlocked({"show", to_hex(id.view()), "--vault", path("v")}),
        run_unlocked({"show", to_hex(id.view()), "--vault", path("v"), "--json"}),
        run_unlocked({"search", "owned", "--vault", path("v")}),
        run_unlocked({"search", "owned", "--vault", path("v"), "--json"}),
        run_unlocked({"list", "--vault", path("v")})}) {
    EXPECT_EQ(result.code, 0) << result.err;
    for (const char* acting : {"\x1B", "\x07", "\r", "\xE2\x80\xAE", "\xC2\x9B"})
      EXPECT_THAT(result.out, Not(HasSubstr(acting)));
  }
}

TEST_F(CliReportsTest, TwoSegmentsWithOneIndexAreBothKept) {
  BundleMaker bundle = maker();
  const auto id = bundle.add(small_report());
  bundle.add_segment(id, 0, {{say("story", "Otra historia."), {}}, true});
  ASSERT_EQ(import(put("b", bundle.bytes()), "ana", "v").code, 0);
  const auto report = exported("v");
  EXPECT_THAT(json::serialize(report.at("flags")), HasSubstr("two-of-one-segment"));
  std::vector<std::string> current;
  for (const auto& answer : report.at("answers").as_array())
    if (answer.at("node").as_string() == "story")
      current.emplace_back(answer.at("state").as_string());
  EXPECT_EQ(current, (std::vector<std::string>{"current", "current"}));
}

TEST_F(CliReportsTest, AnExportNeverOverwritesAndLeavesNothingBehind) {
  BundleMaker bundle = maker();
  bundle.add(small_report());
  ASSERT_EQ(import(put("b", bundle.bytes()), "ana", "v").code, 0);
  put("out.csv.manifest.json", "in the way");
  const auto before = files_here();
  const auto result =
      run_unlocked({"export", "--vault", path("v"), "--format", "csv", "--out", path("out.csv")});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("exists already"));
  EXPECT_EQ(files_here(), before);
}

TEST_F(CliReportsTest, TheVaultHoldsNothingInTheClear) {
  BundleMaker bundle = maker();
  bundle.add({{{{say("story", "TESTIMONY-CANARY-71"), {}}, true}}, true, true});
  ASSERT_EQ(import(put("b", bundle.bytes()), "ana", "v").code, 0);
  std::size_t read = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path("v"))) {
    if (!entry.is_regular_file()) continue;
    const std::string bytes = content(entry.path());
    read += bytes.size();
    EXPECT_THAT(bytes, Not(HasSubstr("CANARY"))) << entry.path();
  }
  EXPECT_GT(read, 4096U);
}

}  // namespace
}  // namespace resguardo::testing_support
