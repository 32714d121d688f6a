// SPDX-License-Identifier: AGPL-3.0-or-later
// What goes wrong while somebody types a form, told in their words and at its line.
#include "form/syntax.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "form/syntax_scan.h"

namespace resguardo::form {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// "3: what; mend" of each error.
std::string told(const std::string& text) {
  std::string all;
  for (const auto& each : parse_part(text).errors) {
    all += std::to_string(each.line) + ": " + each.what + "; " + each.mend + "\n";
  }
  return all;
}

// One question between two others, each on lines of its own.
std::string section_with(const std::string& node) {
  return "sections {\n  id: \"s\"\n  nodes {\n    id: \"a\"\n  }\n" + node +
         "  nodes {\n    id: \"c\"\n  }\n}\n";
}

TEST(SyntaxTest, WhatIsRightIsNotTold) {
  EXPECT_EQ(told(section_with("# «¿Qué?» isn't \"closed\n  nodes { id: 'b' texts { full: \"“¿Qué? "
                              "\\\"}\\\"”\" } }\n")),
            "");
  EXPECT_THAT(slips_in(""), IsEmpty());
}

TEST(SyntaxTest, EncodingsAreNamed) {
  EXPECT_EQ(told("\xEF\xBB\xBFid: \"f\"\n"),
            "1: begins with a byte order mark (BOM), which some editors put there unseen; save it "
            "again in your editor, as UTF-8 without BOM\n");
  EXPECT_THAT(told("id: \"f\"\n\n# a\xF1o\n"),
              HasSubstr("3: is not UTF-8 here: it was saved as Latin-1"));
  EXPECT_THAT(told(std::string("\xFF\xFEi\0d\0", 6)), HasSubstr("1: is UTF-16"));
}

TEST(SyntaxTest, CurlyQuotesAreShown) {
  constexpr const char* kMend = "type \" over it";
  for (const char* line :
       {"id: “b”", "id: \"b”", "id: ‘b’", "id: «b»", "texts { full: “a } b” }"}) {
    const auto said = told(section_with("  nodes {\n    " + std::string(line) + "\n  }\n"));
    EXPECT_THAT(said, HasSubstr("7: a curly quote ")) << line;
    EXPECT_THAT(said, HasSubstr(kMend)) << line;
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
  }
}

TEST(SyntaxTest, InvisibleAndUnquotedSignsAreTold) {
  EXPECT_THAT(told("id:\xC2\xA0\"f\"\n"), HasSubstr("1: an invisible sign that is no space"));
  EXPECT_THAT(told("id: \"f\"\nversion: ñ\n"), HasSubstr("2: ñ stands outside of quotes; put"));
}

TEST(SyntaxTest, ATextThatIsNotClosedIsToldOnceAndAtItsLine) {
  EXPECT_EQ(
      told(section_with("  nodes {\n    id: \"b\n  }\n")),
      "7: a text that begins here does not end on its line; close it with \"; a line break in "
      "a text is written \\n\n");
}

TEST(SyntaxTest, TheBraceThatIsMissingIsToldWhereItOpens) {
  constexpr const char* kNeverClosed = "a { that opens here is never closed";
  const std::string whole = section_with("  nodes {\n    id: \"b\"\n  }\n");
  const std::string no_last = whole.substr(0, whole.rfind('}'));
  EXPECT_THAT(told(no_last), HasSubstr(std::string("1: ") + kNeverClosed));
  EXPECT_THAT(told(section_with("  nodes {\n    id: \"b\"\n")),
              HasSubstr(std::string("6: ") + kNeverClosed));
  EXPECT_THAT(told("sections { id: \"s\"\n"), HasSubstr(std::string("1: ") + kNeverClosed));
}

TEST(SyntaxTest, ABraceTooManyIsToldWhereItStands) {
  EXPECT_THAT(told(section_with("  nodes {\n    id: \"b\"\n  }\n  }\n")),
              HasSubstr("9: a } too many"));
  EXPECT_THAT(told("id: \"f\"\n}\n"), HasSubstr("2: a } too many"));
}

struct Slip {
  const char* node;
  const char* told;
};
class SlipTest : public ::testing::TestWithParam<Slip> {};

TEST_P(SlipTest, IsToldInPlainWords) {
  const auto said = told(section_with("  nodes { " + std::string(GetParam().node) + " }\n"));
  EXPECT_THAT(said, HasSubstr(GetParam().told)) << GetParam().node;
  EXPECT_THAT(said, Not(HasSubstr("resguardo.pb"))) << GetParam().node;
}

INSTANTIATE_TEST_SUITE_P(
    All, SlipTest,
    ::testing::Values(
        Slip{"sensitivty: 1",
             "6: sensitivty cannot stand in a Node, where this is; write sensitivity"},
        Slip{"colour: 1",
             "6: colour cannot stand in a Node, where this is; proto/questionnaire.proto"},
        Slip{"id: b", "6: a text in quotes belongs here, not b; put it between"},
        Slip{"id \"b\"", "6: a colon : is missing before \"b\""},
        Slip{"sensitivity: \"1\"", "6: a whole number belongs here, not \"1\""},
        Slip{"required: yes", "6: required cannot be yes; write true or false"},
        Slip{"modes: MODE_FAST", "6: modes cannot be MODE_FAST"},
        Slip{"id: \"b\" id: \"b\"", "6: id stands here a second time"},
        Slip{"narrative {} text {}", "6: both narrative and text; only one"},
        Slip{"// hard", "6: / does not belong here; a remark begins with #"},
        Slip{"id: \"b\",,", "6: , does not belong here"}));

}  // namespace
}  // namespace resguardo::form
