// SPDX-License-Identifier: AGPL-3.0-or-later
#include "program/confirmation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/at_terminal.h"

namespace resguardo::program {
namespace {

using testing_support::run_at_terminal;
using testing_support::TerminalRun;

int ask_for_erasing() {
  const auto asked = confirm_typed("It goes.", "erase 5af8");
  return asked.ok() ? 0 : 1 + static_cast<int>(asked.error().code);
}

TerminalRun with_typed(const std::string& typed) {
  return run_at_terminal(ask_for_erasing, "to go on: ", typed);
}

TEST(ConfirmationTest, WantsTheWordAndNothingElse) {
  const auto done = with_typed("erase 5af8\n");
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.screen, testing::HasSubstr("It goes.\r\nType erase 5af8 to go on: "));
  for (const char* other : {"\n", "y\n", "erase\n", "erase 5af8 \n", "Erase 5af8\n", "\x04"})
    EXPECT_EQ(with_typed(other).code, 1 + static_cast<int>(ExitCode::kFailed)) << other;
}

TEST(ConfirmationTest, WithoutATerminalNothingIsConfirmed) {
  EXPECT_EQ(run_at_terminal(
                [] {
                  // A session of its own has none.
                  const pid_t other = ::fork();
                  if (other == 0) {
                    ::setsid();
                    ::_exit(ask_for_erasing());
                  }
                  int status = 0;
                  ::waitpid(other, &status, 0);
                  return WEXITSTATUS(status);
                },
                "never", "")
                .code,
            1 + static_cast<int>(ExitCode::kUsage));
}

}  // namespace
}  // namespace resguardo::program
