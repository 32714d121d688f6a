// SPDX-License-Identifier: AGPL-3.0-or-later
#include "program/console.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>

namespace resguardo::program {
namespace {

TEST(ConsoleTest, AProblemIsOneLineOnStandardError) {
  std::ostringstream out;
  std::ostringstream err;
  Console console("tool", out, err, false);
  EXPECT_EQ(console.fail({"a\nb", "is odd", "try c", ExitCode::kUsage}), ExitCode::kUsage);
  EXPECT_EQ(err.str(), "tool: a<U+000A>b: is odd; try c\n");
  EXPECT_EQ(out.str(), "");
}

TEST(ConsoleTest, OutputThatCouldNotBeWrittenIsAFailure) {
  std::ostringstream out;
  std::ostringstream err;
  Console console("tool", out, err, true);
  console.print(boost::json::object{{"a", 1}});
  EXPECT_EQ(out.str(), "{\"a\":1}\n");
  EXPECT_EQ(conclude(console, Done{}), ExitCode::kDone);
  out.setstate(std::ios::badbit);
  EXPECT_EQ(conclude(console, Done{}), ExitCode::kFailed);
}

}  // namespace
}  // namespace resguardo::program
