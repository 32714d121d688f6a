// SPDX-License-Identifier: AGPL-3.0-or-later
#include "program/start.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <stdexcept>
#include <thread>

namespace resguardo::program {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

[[noreturn]] void fail_with_words() {
  throw std::runtime_error("what somebody told");
}

// On any thread: what an exception says may quote what was being read.
TEST(StartDeathTest, AnExceptionEndsTheProgramWithoutItsText) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto silent = AllOf(HasSubstr("tool: a defect in the program itself"),
                            Not(HasSubstr("what somebody told")));
  EXPECT_EXIT(std::exit(run_program("tool", []() -> ExitCode { fail_with_words(); })),
              ::testing::ExitedWithCode(1), silent);
  EXPECT_DEATH(run_program("tool",
                           [] {
                             std::thread([] { fail_with_words(); }).join();
                             return ExitCode::kDone;
                           }),
               silent);
}

}  // namespace
}  // namespace resguardo::program
