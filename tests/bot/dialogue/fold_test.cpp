// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/fold.h"

#include <gtest/gtest.h>

#include <string>

namespace resguardo::dialogue {
namespace {

std::string folded(std::string_view text) {
  return std::string(fold(text).reveal());
}

struct Case {
  std::string_view written;
  std::string_view folded;
};
class FoldTest : public ::testing::TestWithParam<Case> {};

TEST_P(FoldTest, MeansTheSame) {
  EXPECT_EQ(folded(GetParam().written), GetParam().folded);
}

using namespace std::string_view_literals;
INSTANTIATE_TEST_SUITE_P(
    Texts, FoldTest,
    ::testing::Values(Case{"  ¡SÍ! ", "si"}, Case{"SI\u0301", "si"}, Case{"1.", "1"},
                      Case{"1️⃣", "1"}, Case{"🔟", "10"}, Case{"３", "3"}, Case{"٣", "3"},
                      Case{"①", "1"}, Case{"1,3 y 4", "1 , 3 y 4"}, Case{"1-3", "1 - 3"},
                      Case{"a-b", "a b"}, Case{"don’t", "dont"}, Case{"don't", "dont"},
                      Case{"l'été", "lete"}, Case{"Ñandú", "nandu"},
                      Case{"STRASSE ß", "strasse ss"}, Case{"👍🏽", "👍"}, Case{"sí 👍", "si 👍"},
                      Case{"✔️ 2", "✔ 2"}, Case{"❌no", "❌ no"}, Case{"😀😀", ""}, Case{"", ""},
                      Case{"\n\t ", ","}, Case{"a\0b"sv, "a b"},
                      Case{"\xff\xfe"
                           "a",
                           "a"},
                      Case{"ﬁn", "fin"}, Case{"\u202Esi\u202C", "si"}, Case{"kreyòl", "kreyol"},
                      Case{"EE. UU.", "ee uu"}, Case{"robo/golpes", "robo , golpes"}));

TEST(FoldTest, AsciiAndUnicodePathsAgree) {
  for (const char* text : {"Hola, 1-2; x", "A & B / c", "it's 3-4!", "(no)"}) {
    // An ignorable character forces the long way and changes nothing.
    EXPECT_EQ(folded(text), folded(std::string(text) + "\u200B")) << text;
  }
}

TEST(FoldTest, NamesHaveNoSigns) {
  EXPECT_EQ(fold_name("Sí, seguir"), "si seguir");
  EXPECT_EQ(fold_name("1-3"), "1 3");
  EXPECT_EQ(trim_sign("  ? \n").reveal(), "?");
  EXPECT_EQ(trim_sign(" X ").reveal(), "x");
}

TEST(FoldTest, LengthIsCountedAsMessengersCount) {
  EXPECT_EQ(visible_length("año"), 3U);
  EXPECT_EQ(visible_length("😀"), 2U);
}

}  // namespace
}  // namespace resguardo::dialogue
