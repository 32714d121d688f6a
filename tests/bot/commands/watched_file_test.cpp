// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/watched_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temporary_directory.h"

namespace resguardo::commands {
namespace {

class WatchedFileTest : public ::testing::Test {
 protected:
  void write(const std::string& content) { std::ofstream(file_) << content; }

  testing_support::TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_.path() / "roster";
  WatchedFile watched_;
};

TEST_F(WatchedFileTest, TellsEachChangeOnceWhenItHasSettled) {
  write("one");
  EXPECT_FALSE(watched_.changed(file_));
  EXPECT_FALSE(watched_.changed(file_));
  write("one and two");
  EXPECT_FALSE(watched_.changed(file_)) << "perhaps it still grows";
  EXPECT_TRUE(watched_.changed(file_));
  EXPECT_FALSE(watched_.changed(file_));
}

TEST_F(WatchedFileTest, AFileThatIsRenamedIntoItsPlaceIsAnother) {
  write("one");
  EXPECT_FALSE(watched_.changed(file_));
  const auto beside = directory_.path() / "beside";
  std::ofstream(beside) << "two";
  std::filesystem::last_write_time(beside, std::filesystem::last_write_time(file_));
  std::filesystem::rename(beside, file_);
  EXPECT_FALSE(watched_.changed(file_));
  EXPECT_TRUE(watched_.changed(file_));
}

TEST_F(WatchedFileTest, AFileThatIsAwayIsWaitedFor) {
  write("one");
  EXPECT_FALSE(watched_.changed(file_));
  std::filesystem::remove(file_);
  EXPECT_FALSE(watched_.changed(file_));
  write("one again");
  EXPECT_FALSE(watched_.changed(file_));
  EXPECT_TRUE(watched_.changed(file_));
}

}  // namespace
}  // namespace resguardo::commands
