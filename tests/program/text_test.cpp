// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "program/json_output.h"
#include "program/terminal.h"
#include "program/utf8.h"

namespace resguardo::program {
namespace {

using std::string_literals::operator""s;

TEST(Utf8Test, RejectsWhatRfc3629Forbids) {
  for (const std::string& text :
       {"\xC0\xAF"s, "\xE0\x80\xAF"s, "\xED\xA0\x80"s, "\xF4\x90\x80\x80"s, "\xF8\x88\x80\x80\x80"s,
        "\x80"s, "\xE2\x82"s, "a\xFF"s})
    EXPECT_FALSE(is_utf8(text));
  EXPECT_TRUE(is_utf8("a\0\xC3\xB1\xE2\x82\xAC\xF0\x9F\x95\x8A"s));
}

TEST(Utf8Test, EveryCodePointComesBack) {
  for (char32_t c = 0; c <= 0x10FFFF; c = c == 0xD7FF ? 0xE000 : c + 1) {
    std::string text;
    append_utf8(text, c);
    std::string_view rest = text;
    ASSERT_EQ(take_code_point(rest), c);
    ASSERT_TRUE(rest.empty());
  }
}

TEST(Utf8Test, CountsSurrogatePairsAsTwo) {
  EXPECT_EQ(utf16_length("a\xC3\xB1\xF0\x9F\x95\x8A"), 4U);
}

TEST(VisibleTest, ShowsWhatCouldDriveATerminalOrReorderALine) {
  EXPECT_EQ(visible("a\x1B[2Jb\n\0c"s), "a<U+001B>[2Jb<U+000A><U+0000>c");
  EXPECT_EQ(visible("\xE2\x80\xAEgpj\xC2\x9B"), "<U+202E>gpj<U+009B>");
  EXPECT_EQ(visible("\xFF\xC3\xB1"), "<0xFF>\xC3\xB1");
}

TEST(VisibleTest, LeavesPeoplesWordsAlone) {
  const std::string words = "Niñ@s — ayè \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7 ok";
  EXPECT_EQ(visible(words), words);
}

TEST(VisibleTest, BlocksKeepTheirLinesUnderTheirIndent) {
  EXPECT_EQ(visible_block("one\ntwo\rx", 2), "one\n  two<U+000D>x");
}

TEST(TableTest, AlignsByCharactersAndKeepsARowOnOneLine) {
  Table table({"id", "word"});
  table.add({"ñandú", "a\nb"});
  table.add({"x"});
  EXPECT_EQ(table.text(), "id     word\nñandú  a<U+000A>b\nx\n");
}

TEST(JsonTest, LosesNothingAndActsOnNothing) {
  const std::string hostile = "\x1B[2J\xE2\x80\xAE\xC2\x9B\0\"\\\xF3\xA0\x80\x81ñ\xF0\x9F\x95\x8A"s;
  const std::string line = json_line(boost::json::object{{"t", hostile}});
  EXPECT_EQ(visible(line), line);
  EXPECT_EQ(boost::json::parse(line).at("t").as_string(), hostile);
}

TEST(JsonTest, KeepsTheOrderOfKeys) {
  EXPECT_EQ(json_line(boost::json::object{{"b", 1}, {"a", nullptr}}), R"({"b":1,"a":null})");
}

TEST(JsonTest, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(json_text("a\xFFz"), "a\xEF\xBF\xBDz");
}

}  // namespace
}  // namespace resguardo::program
