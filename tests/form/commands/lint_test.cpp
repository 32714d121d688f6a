// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/form/form_cli.h"

namespace resguardo::testing_support {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class LintCliTest : public FormCliTest {};

std::string replaced(std::string text, const std::string& find, const std::string& put) {
  return text.replace(text.find(find), find.size(), put);
}

TEST_F(LintCliTest, TellsPlaceRuleAndMendInOneLine) {
  const std::string form =
      replaced(content(short_form()), "goto_node: \"m_later\"", "goto_node: \"nowhere\"");
  const auto result = run({"lint", put("f.txtpb", form)});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(
      result.out,
      HasSubstr("error: safety_now: goes to an unknown node: nowhere [unknown-node]; name a node"));
  EXPECT_THAT(result.out, HasSubstr("f.txtpb:"));
  EXPECT_THAT(result.err, HasSubstr("not fit for use"));
}

TEST_F(LintCliTest, NamesThePartOfAFormInParts) {
  put("form/a.txtpb", content(short_form()));
  put("form/b.txtpb",
      "\n\nresources {\n  id: \"old\"\n  wordings { language: \"es\" text: \"x\" }\n"
      "  wordings { language: \"en\" text: \"x\" }\n}\n");
  put("form/parts.txt", "a.txtpb\nb.txtpb\n");
  const auto result = run({"lint", path("form").string()});
  EXPECT_THAT(result.out, HasSubstr("b.txtpb:3: error: resource old: without reviewed_day"));
}

TEST_F(LintCliTest, NamesBothPlacesOfWhatIsThereTwice) {
  const std::string node = "  nodes {\n    id: \"safety_now\"\n  }\n";
  put("form/a.txtpb", content(short_form()));
  put("form/b.txtpb", "sections {\n  id: \"more\"\n" + node + node + "}\n");
  put("form/parts.txt", "a.txtpb\nb.txtpb\n");
  const auto result = run({"lint", path("form").string()});
  EXPECT_THAT(result.out, ContainsRegex("b.txtpb:3: error: safety_now: id used twice, first in "
                                        "a.txtpb:[0-9]+ .id-twice"));
  EXPECT_THAT(result.out, ContainsRegex("b.txtpb:6: error: safety_now: id used twice, first in "
                                        "a.txtpb:[0-9]+ .id-twice"));
}

TEST_F(LintCliTest, ASectionsIdIsItsOwnToo) {
  put("form/a.txtpb", content(short_form()));
  put("form/b.txtpb", "sections { id: \"more\" }\n\nsections { id: \"more\" }\n");
  put("form/parts.txt", "a.txtpb\nb.txtpb\n");
  const auto result = run({"lint", path("form").string()});
  EXPECT_THAT(result.out, HasSubstr("b.txtpb:3: error: more: section id used twice, first in "
                                    "b.txtpb:1 [id-twice]"));
}

TEST_F(LintCliTest, BothPlacesOfACodeThatIsThereTwice) {
  const std::string form = replaced(content(short_form()), "code: \"later\"", "code: \"safe\"");
  const auto result = run({"lint", put("f.txtpb", form)});
  EXPECT_THAT(result.out, ContainsRegex("f.txtpb:[0-9]+: error: safety_now:safe: code used twice, "
                                        "first in f.txtpb:[0-9]+ .code-twice"));
}

TEST_F(LintCliTest, APartIsSentToItsDirectory) {
  const std::string words = "phrases { key: \"skip\" }\n";
  put("form/a.txtpb", content(short_form()));
  put("form/b.txtpb", words);
  put("form/parts.txt", "a.txtpb\nb.txtpb\n");
  const auto listed = run({"lint", path("form/b.txtpb").string()});
  EXPECT_EQ(listed.code, 2);
  EXPECT_EQ(listed.out, "");
  EXPECT_THAT(listed.err, HasSubstr("b.txtpb: is a part of a form, as parts.txt beside it says; "
                                    "name its directory: " +
                                    path("form").string()));
  const auto alone = run({"lint", put("words.txtpb", words)});
  EXPECT_EQ(alone.code, 1);
  EXPECT_EQ(alone.out,
            "words.txtpb: error: no id, version or languages: it looks like a part of a form "
            "[form-incomplete]; lint the directory that holds it and its parts.txt\n"
            "1 error, 0 warnings\n");
}

TEST_F(LintCliTest, SaysWhatANameCouldBe) {
  const std::string form =
      replaced(content(short_form()), "id: \"border_abuse_short\"", "id: \"x\"") +
      "taxonomies { id: \"Qué pasó\" rows { code: \"a b\" } }\n";
  const auto result = run({"lint", put("f.txtpb", form)});
  EXPECT_THAT(result.out, HasSubstr("\"Qué pasó\" cannot be an id: write que_paso [name-shape]"));
  EXPECT_THAT(result.out, HasSubstr("\"a b\" cannot be a code: write a_b [name-shape]"));
}

TEST_F(LintCliTest, SaysTheSameAsJson) {
  const std::string form =
      replaced(content(short_form()), "id: \"border_abuse_short\"", "id: \"\"");
  const auto result = run({"lint", put("f.txtpb", form), "--json"});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, HasSubstr("\"rule\":\"form-incomplete\",\"severity\":\"error\""));
}

TEST_F(LintCliTest, ListsItsRules) {
  const auto result = run({"rules"});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.out, HasSubstr("consent-by-default"));
}

TEST_F(LintCliTest, AFileThatIsNotThereIsACommandThatFails) {
  const auto result = run({"lint", path("none.txtpb").string()});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("none.txtpb"));
}

}  // namespace
}  // namespace resguardo::testing_support
