// SPDX-License-Identifier: AGPL-3.0-or-later
// Keys on paper against what Python made (make_paper_vectors.py).
#include "crypto/format/paper.h"

#include <gtest/gtest.h>

#include "tests/golden/faults.h"
#include "tests/golden/vector.h"
#include "tests/support/paths.h"

namespace resguardo {
namespace {

using testing_support::GoldenVector;

std::filesystem::path folder() {
  return testing_support::source_dir() / "tests" / "golden" / "paper";
}

class GoldenPaperTest : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenPaperTest, IsReadAsItSays) {
  const auto vector = GoldenVector::read(folder() / (GetParam() + ".txt"));
  const std::string expect = vector.text("expect");
  const Bytes typed = vector.bytes("typed");
  const auto paper = read_paper(as_text(typed));
  if (expect != "success" && expect != "wrong") {
    ASSERT_FALSE(paper.ok());
    EXPECT_EQ(paper.error().fault, testing_support::kFaultNames.at(expect));
    return;
  }
  ASSERT_TRUE(paper.ok()) << paper.error().why.view();
  std::vector<std::string> wrong;
  for (const int line : paper->wrong) wrong.push_back(std::to_string(line));
  EXPECT_EQ(wrong, vector.texts("wrong"));
  if (expect == "wrong") return;
  const auto kind =
      vector.text("kind") == "ROOT SHARE" ? ArmourKind::kRootShare : ArmourKind::kLockedKey;
  EXPECT_EQ(paper->kind, kind);
  EXPECT_EQ(paper->bytes, vector.bytes("content"));
  if (vector.text("printed") == "yes") {
    EXPECT_EQ(paper_lines(kind, paper->bytes), as_text(typed));
  }
}

INSTANTIATE_TEST_SUITE_P(Paper, GoldenPaperTest,
                         ::testing::ValuesIn(testing_support::vectors_in(folder())),
                         testing_support::name_of_vector);

}  // namespace
}  // namespace resguardo
