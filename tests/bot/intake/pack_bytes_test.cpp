// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/pack_bytes.h"

#include <gtest/gtest.h>

#include <limits>

namespace resguardo::intake {
namespace {

class PackBytesTest : public ::testing::Test {
 protected:
  Glossary glossary_;
  Glossary::Reading reading_{glossary_};
  PackWriter out_{reading_};
};

TEST_F(PackBytesTest, NumbersComeBackAndSmallOnesAreSmall) {
  using Limits = std::numeric_limits<std::int64_t>;
  const std::uint64_t numbers[] = {0, 1, 127, 128, 1'790'000'000'000, ~std::uint64_t{0}};
  const std::int64_t differences[] = {0, 1, -1, 63, -64, 64, Limits::max(), Limits::min()};
  for (const auto one : numbers) out_.number(one);
  for (const auto one : differences) out_.difference(one);
  PackReader in(out_.view(), reading_);
  for (const auto one : numbers) EXPECT_EQ(in.number(), one);
  for (const auto one : differences) EXPECT_EQ(in.difference(), one);
  EXPECT_TRUE(in.rest().empty());
  PackWriter small(reading_);
  small.number(127);
  small.difference(-64);
  EXPECT_EQ(small.size(), 2U);
}

TEST_F(PackBytesTest, AWordThatTheGlossaryLacksIsWrittenOut) {
  out_.word("");
  out_.word("nobody's");
  out_.text("ñ");
  PackReader in(out_.view(), reading_);
  EXPECT_EQ(in.word(), "");
  EXPECT_EQ(in.word(), "nobody's");
  EXPECT_EQ(in.text(), "ñ");
}

TEST_F(PackBytesTest, PastTheEndThereIsNothing) {
  out_.number(300);
  PackReader in(out_.view().first(1), reading_);
  in.number();
  EXPECT_EQ(in.number(), 0U);
  EXPECT_TRUE(in.raw(5).empty());
  EXPECT_EQ(in.word(), "");
}

}  // namespace
}  // namespace resguardo::intake
