// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/form/form_cli.h"

namespace resguardo::testing_support {
namespace {

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
