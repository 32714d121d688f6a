// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/chat/wrap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace resguardo::form {
namespace {

using ::testing::ElementsAre;

TEST(WrapTest, BreaksAtSpacesAndWhereTheTextBreaks) {
  EXPECT_THAT(wrap("one two three", 500), ElementsAre("one two", "three"));
  EXPECT_THAT(wrap("one\n\ntwo", 5000), ElementsAre("one", "", "two"));
  EXPECT_THAT(wrap("", 500), ElementsAre(""));
}

TEST(WrapTest, AWordThatIsTooLongIsBrokenBetweenSigns) {
  const auto lines = wrap("ñññññ", 120);
  EXPECT_THAT(lines, ElementsAre("ññ", "ññ", "ñ"));
}

TEST(WrapTest, NoLineIsWiderThanItMayBe) {
  const std::string text =
      "Las próximas preguntas pueden ser difíciles. WWWWWWWWWWWWWWWWWWWW 🙂🙂🙂 fin";
  for (int most = 200; most < 2000; most += 7) {
    std::string together;
    for (const auto& line : wrap(text, most)) {
      EXPECT_LE(width_of(line), most) << line;
      together += line;
    }
    std::string expected = text;
    for (std::string* each : {&expected, &together}) std::erase(*each, ' ');
    EXPECT_EQ(together, expected);
  }
}

// Less than a sign fits: still one a line, and it ends.
TEST(WrapTest, NothingFits) {
  EXPECT_THAT(wrap("ab", 10), ElementsAre("a", "b"));
}

}  // namespace
}  // namespace resguardo::form
