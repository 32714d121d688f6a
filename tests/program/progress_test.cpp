// SPDX-License-Identifier: AGPL-3.0-or-later
#include "program/progress.h"

#include <gtest/gtest.h>

#include <sstream>

namespace resguardo::program {
namespace {

using std::chrono::milliseconds;

class ProgressTest : public ::testing::Test {
 protected:
  Progress bar(bool shown, std::uint64_t total, const std::string& what = "opening b") {
    return Progress(out_, shown, what, total, [this] { return now_; });
  }
  // What was drawn since the last call.
  std::string drawn() {
    std::string text = out_.str();
    out_.str("");
    return text;
  }
  std::ostringstream out_;
  std::chrono::steady_clock::time_point now_{};
};

TEST_F(ProgressTest, IsSilentForASecondThenDrawsAndClearsItsLine) {
  {
    Progress progress = bar(true, 200);
    now_ += milliseconds(999);
    progress.at(50);
    EXPECT_EQ(drawn(), "");
    now_ += milliseconds(1001);
    progress.at(100);
    EXPECT_EQ(drawn(), "\r\x1b[Kopening b  [##########----------]  50 %  0:02 left");
    now_ += milliseconds(99);
    progress.at(101);
    EXPECT_EQ(drawn(), "");
    now_ += milliseconds(1);
    progress.at(102);
    EXPECT_NE(drawn(), "");
  }
  EXPECT_EQ(drawn(), "\r\x1b[K");
}

TEST_F(ProgressTest, IsSilentWhereNobodyWatchesOrNothingIsKnown) {
  {
    Progress nobody = bar(false, 200);
    Progress unknown = bar(true, 0);
    now_ += milliseconds(5000);
    nobody.at(100);
    unknown.at(100);
  }
  EXPECT_EQ(drawn(), "");
}

TEST_F(ProgressTest, StaysInItsLineWhateverTheFileIsCalled) {
  Progress progress = bar(true, 10, "opening " + std::string(300, 'x') + "\x1b[2J.001");
  now_ += milliseconds(90'000'000);
  progress.at(1);
  const std::string line = drawn();
  EXPECT_LT(line.size(), 90U);
  EXPECT_EQ(line.find("\x1b[2J"), std::string::npos);
  progress.at(100);  // more than all: no harm
}

}  // namespace
}  // namespace resguardo::program
