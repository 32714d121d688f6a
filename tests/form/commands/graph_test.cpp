// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/form/form_cli.h"

namespace resguardo::testing_support {
namespace {

using ::testing::HasSubstr;

class GraphTest : public FormCliTest {};

TEST_F(GraphTest, DrawsSectionsNodesAndWhereChoicesLead) {
  const auto result = run({"graph", short_form(), "--out", path("f.dot").string()});
  EXPECT_EQ(result.code, 0) << result.err;
  const std::string drawing = content(path("f.dot"));
  EXPECT_THAT(drawing, HasSubstr("subgraph \"cluster_consent\""));
  EXPECT_THAT(drawing,
              HasSubstr("\"safety_now\" -> \"m_later\" [color=\"#3060a0\", label=\"later\"]"));
  EXPECT_THAT(drawing, HasSubstr("tooltip=\"safety_phone in ['shared','unsure']\""));
}

TEST_F(GraphTest, CountsRandomConversations) {
  const auto result =
      run({"graph", short_form(), "--out", path("f.dot").string(), "--coverage", "200", "--json"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("\"walks\":200"));
  EXPECT_THAT(content(path("f.dot")), HasSubstr("safety_now\\nsingle_choice, sensitivity 1\\n200"));
}

TEST_F(GraphTest, GraphvizDrawsTheWholeForm) {
  const std::string form = (source_dir() / "proto/forms/border_abuse").string();
  const auto result = run({"graph", form, "--out", path("f.svg").string()});
  ASSERT_EQ(result.code, 0) << result.err;
  const std::string picture = content(path("f.svg"));
  EXPECT_THAT(picture, HasSubstr("<svg"));
  EXPECT_THAT(picture, HasSubstr(">last_words</text>"));
  EXPECT_THAT(picture, HasSubstr(">if safety_now == &#39;shared&#39;</text>"));
}

TEST_F(GraphTest, WithoutGraphvizSaysSoAndWritesNothing) {
  const std::string path_before = std::getenv("PATH");
  ::setenv("PATH", path("nothing_here").c_str(), 1);
  const auto result = run({"graph", short_form(), "--out", path("f.svg").string()});
  ::setenv("PATH", path_before.c_str(), 1);
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("install graphviz"));
  EXPECT_FALSE(std::filesystem::exists(path("f.svg")));
}

// Also interviews, and what is said on request, after the receipt and to somebody in danger.
TEST_F(GraphTest, RandomConversationsComeByEveryNodeOfTheWholeForm) {
  const std::string form = (source_dir() / "proto/forms/border_abuse").string();
  const auto result = run({"graph", form, "--out", path("f.dot").string(), "--coverage", "1000"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("never reached: none"));
}

// Who comes back too: the menu, adding, replies, withdrawing, and what is said where it fails.
TEST_F(GraphTest, TheShortFormTooAndWhoComesBack) {
  const auto result =
      run({"graph", short_form(), "--out", path("f.dot").string(), "--coverage", "400"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("never reached: none"));
}

TEST_F(GraphTest, RefusesOtherEndings) {
  EXPECT_EQ(run({"graph", short_form(), "--out", path("f.png").string()}).code, 2);
}

}  // namespace
}  // namespace resguardo::testing_support
