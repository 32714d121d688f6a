// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/locked_memory.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temporary_directory.h"

namespace resguardo::commands {
namespace {

class SwapTest : public ::testing::Test {
 protected:
  config::Path file(const char* name, const char* text) const {
    std::ofstream(directory_.path() / name) << text;
    return directory_.path() / name;
  }
  testing_support::TemporaryDirectory directory_;
  const config::Path nowhere_ = directory_.path() / "nowhere";
  const config::Path on_ =
      file("on", "Filename Type Size Used Priority\n/dev/x partition 9 0 -2\n");
};

TEST_F(SwapTest, IsToldWhereTheMachineSwapsAndTheUnitDoesNotForbidIt) {
  EXPECT_TRUE(swap_is_on(on_, nowhere_));
  EXPECT_TRUE(swap_is_on(on_, file("max", "max\n")));
  EXPECT_FALSE(swap_is_on(on_, file("none", "0\n")));
  EXPECT_FALSE(swap_is_on(file("off", "Filename Type Size Used Priority\n"), nowhere_));
  EXPECT_FALSE(swap_is_on(nowhere_, nowhere_));
}

}  // namespace
}  // namespace resguardo::commands
