// SPDX-License-Identifier: AGPL-3.0-or-later
// The working folder: files that people sent, opened for a while and wiped, through the program.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <fstream>

#include "crypto/base/hash.h"
#include "crypto/base/sha256.h"
#include "tests/analyst/cli_fixture.h"

namespace resguardo::testing_support {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;

class CliWorkTest : public CliTest {
 protected:
  void SetUp() override {
    BundleMaker bundle = maker();
    ScriptTurn turn = say("story", "con fotos");
    for (const int file : {1, 2, 3})
      turn.testimony.push_back(
          sent_entry(media_id(static_cast<std::uint8_t>(file)), "story", "mi foto"));
    const ReportId id = bundle.add({{{{turn, say("end", "y")}, true}}, true, true});
    bundle.add_file(id, media_id(1), {photo_, "image/jpeg", "../../evil.html", false, true});
    bundle.add_file(id, media_id(2), {"voz", "audio/ogg", "", false, true});
    id_ = to_hex(id.view());
    ASSERT_EQ(import(put("b", bundle.bytes()), "ana", "vault").code, 0);
    fs::create_directory(memory_);
  }
  void TearDown() override { fs::remove_all(memory_); }
  ProgramResult of_vault(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--vault", path("vault")});
    return run_unlocked(arguments);
  }
  ProgramResult open_files() const { return of_vault({"work", "open", id_, "--dir", dir_}); }
  std::string id_;
  const std::string photo_ = std::string(70'000, 'p') + "hoto";
  const fs::path memory_ = "/dev/shm/resguardo-test-" + path("x").parent_path().filename().string();
  const fs::path dir_ = memory_ / "open";
};

TEST_F(CliWorkTest, FilesLieOpenUntilTheyAreWiped) {
  const auto opened = open_files();
  ASSERT_EQ(opened.code, 0) << opened.err;
  EXPECT_THAT(opened.out, HasSubstr("2 files opened in"));
  EXPECT_THAT(opened.err, HasSubstr("1 files of it are not here whole"));
  EXPECT_EQ(content(dir_ / "001.jpg"), photo_);
  EXPECT_EQ(content(dir_ / "002.ogg"), "voz");
  const auto listed = json::parse(of_vault({"work", "list", "--json"}).out);
  EXPECT_EQ(listed.at("folder").as_string(), dir_.string());
  EXPECT_EQ(listed.at("files").at(0).at("report").as_string(), id_);
  const std::string hash = to_hex(sha256(as_bytes(photo_)).view());
  EXPECT_EQ(listed.at("files").at(0).at("sha256").as_string(), hash);
  const auto journal = of_vault({"journal", "--json"});
  EXPECT_THAT(journal.out, HasSubstr(hash));
  EXPECT_THAT(journal.err, HasSubstr("files that people sent lie open in"));
  EXPECT_THAT(of_vault({"list"}).err, HasSubstr("`work close` wipes them"));
  std::ofstream(dir_ / "left-by-a-viewer") << "CANARY";
  const auto closed = of_vault({"work", "close"});
  ASSERT_EQ(closed.code, 0) << closed.err;
  EXPECT_THAT(closed.out, HasSubstr("3 files overwritten and removed"));
  EXPECT_FALSE(fs::exists(dir_));
  EXPECT_THAT(of_vault({"list"}).err, Not(HasSubstr("work close")));
  EXPECT_THAT(of_vault({"journal"}).out, HasSubstr("wiped files that were open"));
  EXPECT_EQ(of_vault({"journal", "verify"}).code, 0);
  EXPECT_EQ(of_vault({"work", "close"}).code, 0) << "again";
}

TEST_F(CliWorkTest, ASecondReportGoesIntoTheSameFolder) {
  ASSERT_EQ(open_files().code, 0);
  const auto again = of_vault({"work", "open", id_});
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_TRUE(fs::exists(dir_ / "004.ogg"));
  EXPECT_EQ(of_vault({"work", "open", id_, "--dir", memory_ / "other"}).code, 2);
  EXPECT_FALSE(fs::exists(memory_ / "other"));
}

TEST_F(CliWorkTest, WhatACrashLeftIsSaidAndWiped) {
  ASSERT_EQ(open_files().code, 0);
  std::ofstream(dir_ / ".003.jpg.part") << "half of a file";  // killed while it was written
  EXPECT_THAT(of_vault({"incidents"}).err, HasSubstr("lie open in"));
  EXPECT_THAT(of_vault({"work", "close"}).out, HasSubstr("3 files overwritten"));
  ASSERT_EQ(open_files().code, 0);
  fs::remove_all(dir_);  // the machine was switched off
  EXPECT_THAT(of_vault({"list"}).err, HasSubstr("is gone without `work close`"));
  EXPECT_EQ(open_files().code, 1);
  EXPECT_THAT(of_vault({"work", "close"}).out, HasSubstr("gone already"));
  EXPECT_EQ(open_files().code, 0);
}

TEST_F(CliWorkTest, APlaceThatIsNotFitIsRefused) {
  const auto taken = of_vault({"work", "open", id_, "--dir", memory_});
  EXPECT_EQ(taken.code, 2) << "a folder of somebody's";
  EXPECT_EQ(of_vault({"work", "open", "ffff", "--dir", dir_}).code, 1);
  EXPECT_FALSE(fs::exists(dir_));
  EXPECT_THAT(of_vault({"work", "list"}).out, HasSubstr("no file lies open"));
}

}  // namespace
}  // namespace resguardo::testing_support
