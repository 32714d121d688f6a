// SPDX-License-Identifier: AGPL-3.0-or-later
// Acknowledgements against what Python wrote (make_ack_vectors.py).
#include <gtest/gtest.h>

#include "crypto/log/acknowledgement.h"
#include "tests/golden/faults.h"
#include "tests/golden/vector.h"
#include "tests/support/paths.h"

namespace resguardo {
namespace {

using testing_support::GoldenVector;

std::filesystem::path folder() {
  return testing_support::source_dir() / "tests" / "golden" / "ack";
}

class GoldenAcknowledgementTest : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenAcknowledgementTest, IsReadOrRefusedAsItSays) {
  const auto vector = GoldenVector::read(folder() / (GetParam() + ".txt"));
  const auto read = open_acknowledgement(vector.bytes("file"));
  if (vector.text("expect") != "success") {
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().fault, testing_support::kFaultNames.at(vector.text("expect")))
        << read.error().why.c_str();
    return;
  }
  ASSERT_TRUE(read.ok()) << read.error().why.c_str();
  EXPECT_EQ(to_hex(read->signer.view()), vector.text("signer"));
  EXPECT_EQ(to_hex(acknowledgement_bytes(read->content).value()), vector.text("message"));
}

INSTANTIATE_TEST_SUITE_P(Vectors, GoldenAcknowledgementTest,
                         ::testing::ValuesIn(testing_support::vectors_in(folder())),
                         [](const auto& vector) { return vector.param; });

}  // namespace
}  // namespace resguardo
