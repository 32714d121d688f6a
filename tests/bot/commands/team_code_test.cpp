// SPDX-License-Identifier: AGPL-3.0-or-later
// `resguardo-bot team-code`: shown once, kept nowhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "storage/store_lock.h"
#include "tests/support/paths.h"
#include "tests/support/run_program.h"
#include "tests/support/secret_hunt.h"
#include "tests/support/temporary_directory.h"

namespace resguardo {
namespace {

namespace fs = std::filesystem;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

class TeamCodeCommandTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(run({"init", "--dir", dir_.string()}, false).code, 0);
    std::ifstream in(dir_ / "resguardo.toml");
    std::stringstream text;
    text << in.rdbuf();
    std::string config = text.str();
    const std::string empty = "root_public_key = \"\"";
    config.replace(config.find(empty), empty.size(),
                   "root_public_key = \"" + std::string(64, 'a') + "\"");
    std::ofstream(dir_ / "resguardo.toml") << config;
  }
  testing_support::ProgramResult run(std::vector<std::string> arguments, bool configured = true) {
    arguments.insert(arguments.begin(), (testing_support::bin_dir() / "resguardo-bot").string());
    if (configured) {
      arguments.emplace_back("--config");
      arguments.push_back((dir_ / "resguardo.toml").string());
    }
    return testing_support::run_program({std::move(arguments), "", {}});
  }

  testing_support::TemporaryDirectory work_;
  fs::path dir_ = work_.path() / "server";
};

TEST_F(TeamCodeCommandTest, ShowsACodeOnceAndKeepsItNowhere) {
  const auto made = run({"team-code", "add", "--count", "2"});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.out, MatchesRegex("team-1  [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\n"
                                     "team-2  [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\n"));
  const std::string code = made.out.substr(8, 14);
  std::string bare;
  for (const char c : code) bare.append(c == '-' ? 0 : 1, c);
  std::string small = bare;
  std::ranges::transform(small, small.begin(), [](unsigned char c) { return std::tolower(c); });
  const testing_support::Canaries canaries({code, bare, small});
  EXPECT_TRUE(canaries.in(made.out)) << "the hunt finds one";
  EXPECT_THAT(testing_support::hunt_files(dir_, canaries), IsEmpty());
  const auto listed = run({"team-code", "list"});
  EXPECT_EQ(listed.code, 0);
  EXPECT_THAT(listed.out, StartsWith("team-1  made "));
  EXPECT_FALSE(canaries.in(listed.out + listed.err));
}

TEST_F(TeamCodeCommandTest, WithdrawsAllThatAreNamedOrNone) {
  ASSERT_EQ(run({"team-code", "add", "--count", "3"}).code, 0);
  const auto refused = run({"team-code", "remove", "team-2", "team-7"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("none is withdrawn"));
  EXPECT_EQ(run({"team-code", "remove", "team-2", "team-3"}).code, 0);
  EXPECT_THAT(
      run({"team-code", "list", "--json"}).out,
      MatchesRegex("\\{\"codes\":\\[\\{\"handle\":\"team-1\",\"made\":\"[0-9-]+\"\\}\\]\\}\n"));
  const auto made = run({"team-code", "add", "--json"});
  EXPECT_THAT(made.out, HasSubstr("\"handle\":\"team-4\"")) << "no handle comes twice";
}

TEST_F(TeamCodeCommandTest, HelpSaysToStopTheServerAndToStartItAgain) {
  const auto all = run({"team-code", "--help"}, false);
  EXPECT_EQ(all.code, 0);
  EXPECT_THAT(all.out, HasSubstr("systemctl stop resguardo-bot"));
  EXPECT_THAT(all.out, HasSubstr("systemctl start resguardo-bot"));
  for (const char* command : {"add", "list", "remove"}) {
    EXPECT_THAT(run({"team-code", command, "--help"}, false).out, ContainsRegex("[Ss]top"))
        << command;
  }
}

TEST_F(TeamCodeCommandTest, SaysWhatIsInTheWay) {
  EXPECT_EQ(run({"team-code"}, false).code, 2);
  EXPECT_EQ(run({"team-code", "add", "--count", "0"}).code, 2);
  EXPECT_EQ(run({"team-code", "remove"}).code, 2);
  const auto lock = storage::StoreLock::acquire(dir_ / "data");
  ASSERT_TRUE(lock.ok());
  const auto busy = run({"team-code", "add"});
  EXPECT_EQ(busy.code, 1);
  EXPECT_EQ(busy.out, "");
  EXPECT_THAT(busy.err, HasSubstr("stop that first"));
}

}  // namespace
}  // namespace resguardo
