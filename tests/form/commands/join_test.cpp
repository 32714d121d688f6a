// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/form/form_cli.h"

namespace resguardo::testing_support {
namespace {

using ::testing::HasSubstr;

class JoinTest : public FormCliTest {
 protected:
  // Parts a.txtpb and b.txtpb, and what joining them said.
  ProgramResult join(const std::string& a, const std::string& b,
                     const std::string& list = "# first\na.txtpb\nb.txtpb # last\n") const {
    put("form/a.txtpb", a);
    put("form/b.txtpb", b);
    put("form/parts.txt", list);
    return run({"join", path("form").string(), "--out", path("out").string()});
  }
};

TEST_F(JoinTest, PutsThePartsOneAfterTheOther) {
  const auto result = join("id: \"f\"\n# no line break at the end", "version: \"1\"\n");
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(content(path("out")), "id: \"f\"\n# no line break at the end\nversion: \"1\"\n");
  EXPECT_THAT(result.out, HasSubstr("2 parts"));
}

TEST_F(JoinTest, AFormInOneFileIsItsOwnPart) {
  const auto result = run({"join", short_form(), "--out", path("out").string(), "--json"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(content(path("out")), content(short_form()));
  EXPECT_THAT(result.out, HasSubstr("\"parts\":1"));
}

TEST_F(JoinTest, TellsAnErrorWithItsPartAndLine) {
  const auto result = join("id: \"f\"\n", "version: \"1\"\n\nsurprise: 3\n");
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("resguardo-form: b.txtpb:3: "));
  EXPECT_THAT(result.err, HasSubstr("surprise"));
  EXPECT_THAT(result.err, HasSubstr("; proto/questionnaire.proto lists the fields"));
  EXPECT_FALSE(std::filesystem::exists(path("out")));
}

TEST_F(JoinTest, ABracketLeftOpenIsToldInItsOwnPart) {
  EXPECT_THAT(join("sections {\n  id: \"s\"\n", "version: \"1\"\n").err, HasSubstr("a.txtpb:"));
}

TEST_F(JoinTest, WhatTwoPartsSayIsToldInTheSecond) {
  const auto result = join("id: \"f\"\n", "\nid: \"g\"\n");
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("b.txtpb:2: "));
  EXPECT_THAT(result.err, HasSubstr("once in all parts"));
}

TEST_F(JoinTest, AMissingPartIsToldWithItsLineOfTheList) {
  const auto result = join("", "", "a.txtpb\n\nc.txtpb\n");
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("parts.txt:3: c.txtpb: "));
}

TEST_F(JoinTest, RefusesListsThatCannotBeMeant) {
  EXPECT_THAT(join("", "", "a.txtpb\na.txtpb\n").err,
              HasSubstr("parts.txt:2: a.txtpb: named twice"));
  EXPECT_THAT(join("", "", "/a.txtpb\n").err, HasSubstr("not relative"));
  EXPECT_THAT(join("", "", "# nothing\n").err, HasSubstr("names no part"));
  EXPECT_THAT(run({"join", path("form").parent_path().string(), "--out", path("o").string()}).err,
              HasSubstr("a directory without parts.txt"));
}

TEST_F(JoinTest, NeverOverwrites) {
  put("out", "mine");
  EXPECT_EQ(join("id: \"f\"\n", "").code, 1);
  EXPECT_EQ(content(path("out")), "mine");
}

TEST_F(JoinTest, RefusesWhatIsNotUtf8) {
  EXPECT_THAT(join("id: \"\xff\"\n", "").err, HasSubstr("a.txtpb:1: is not UTF-8"));
}

}  // namespace
}  // namespace resguardo::testing_support
