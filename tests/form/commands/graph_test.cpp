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

TEST_F(GraphTest, WithoutGraphvizSaysSoOrDrawsWithIt) {
  const auto result = run({"graph", short_form(), "--out", path("f.svg").string()});
  if (result.code == 0) {
    EXPECT_THAT(content(path("f.svg")), HasSubstr("<svg"));
  } else {
    EXPECT_THAT(result.err, HasSubstr("install graphviz"));
    EXPECT_FALSE(std::filesystem::exists(path("f.svg")));
  }
}

TEST_F(GraphTest, RefusesOtherEndings) {
  EXPECT_EQ(run({"graph", short_form(), "--out", path("f.png").string()}).code, 2);
}

}  // namespace
}  // namespace resguardo::testing_support
