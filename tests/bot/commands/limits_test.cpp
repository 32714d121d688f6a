// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/limits.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace resguardo::commands {
namespace {

// So many descriptors, until the test is over.
class DescriptorsTest : public ::testing::Test {
 protected:
  DescriptorsTest() { getrlimit(RLIMIT_NOFILE, &before_); }
  ~DescriptorsTest() override { setrlimit(RLIMIT_NOFILE, &before_); }
  void allow(rlim_t count) const {
    const rlimit now{count, before_.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &now), 0);
  }
  rlimit before_{};
};

// Connections of three listeners never take what the store and the messengers need.
TEST_F(DescriptorsTest, HoweverFewThereAreTheStoreHasSome) {
  for (const unsigned count : {32U, 64U, 256U, 512U, 513U, 1024U, 4096U}) {
    allow(count);
    const std::size_t each = connections_of_each(1024);
    EXPECT_GE(each, 1U) << count;
    EXPECT_LE(3 * each, count - std::min(256U, count / 2)) << count;
  }
  allow(4096);
  EXPECT_EQ(connections_of_each(100), 100U);
}

TEST_F(DescriptorsTest, CheckSaysThatThereWillBeFewer) {
  config::Config config;
  config.limits.connections = 1;
  EXPECT_FALSE(too_few_descriptors(config));
  config.limits.connections = 1'000'000;
  if (before_.rlim_max > 3'000'000) GTEST_SKIP() << "not run in whole: no limit here";
  const auto told = too_few_descriptors(config);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->where, "[limits] connections");
}

}  // namespace
}  // namespace resguardo::commands
