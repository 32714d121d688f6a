// SPDX-License-Identifier: AGPL-3.0-or-later
// How many a quorum can be of: an organisation of 33 readers, with the program itself.
#include <gmock/gmock.h>

#include "tests/analyst/cli_fixture.h"

namespace resguardo::testing_support {
namespace {

using ::testing::HasSubstr;

class CliQuorumSizeTest : public CliTest {
 protected:
  // Of each of two organisations so many, and what a quorum asks of each.
  ProgramResult draft(int first, int second, const std::string& first_m,
                      const std::string& second_m) {
    const auto casa = add("one", "", 0, first, "Casa", {});
    if (casa.code != 0) return casa;
    return add(
        "two", "one", first, second, "Clinica",
        {"--identity-quorum", "Casa=" + first_m, "--identity-quorum", "Clinica=" + second_m});
  }
  void TearDown() override {
    for (const char* name : {"one", "two"}) std::filesystem::remove(path(name));
  }

 private:
  ProgramResult add(const std::string& out, const std::string& from, int begin, int count,
                    const std::string& house, std::vector<std::string> more) {
    std::vector<std::string> arguments = {"roster", "create", "--out", path(out)};
    if (!from.empty()) arguments.insert(arguments.end(), {"--from", path(from)});
    for (int n = begin; n < begin + count; ++n) {
      make(n);
      arguments.insert(arguments.end(), {"--add", member(n) + ".public"});
    }
    arguments.insert(arguments.end(), {"--organisation", house});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  std::string member(int n) const { return path("member-" + std::to_string(n)); }
  void make(int n) {
    if (std::filesystem::exists(member(n))) return;
    const auto made =
        run_unlocked({"key", "create", "--out", member(n), "--label", "m" + std::to_string(n),
                      "--weeks", "1", "--memory", "64MiB", "--passes", "1"});
    ASSERT_EQ(made.code, 0) << made.err;
    ASSERT_EQ(run({"key", "public", "--key", member(n), "--out", member(n) + ".public"}).code, 0);
  }
};

TEST_F(CliQuorumSizeTest, ThirtyTwoOfAnOrganisationWorkAndThirtyThreeAreRefusedInWords) {
  const auto most = draft(32, 1, "31", "1");
  EXPECT_EQ(most.code, 0) << most.err;
  EXPECT_THAT(most.out, HasSubstr("together 31 of 32 of Casa and 1 of 1 of Clinica"));
  TearDown();
  const auto together = draft(32, 1, "32", "1");
  EXPECT_EQ(together.code, 1);
  EXPECT_THAT(together.err, HasSubstr("at most 32 people together"));
  TearDown();
  const auto readers = draft(33, 1, "1", "1");
  EXPECT_NE(readers.code, 0);
  EXPECT_THAT(readers.err, HasSubstr("1 to 32 members")) << readers.err;
  EXPECT_FALSE(std::filesystem::exists(path("two")));
}

}  // namespace
}  // namespace resguardo::testing_support
